"""Which versions a person may steer."""

from django.core.exceptions import PermissionDenied

from escalation.models import TableVersion
from escalation.tables.finding import may_steer
from workspace.rules.tables import version_or_404


def steering(table_id: int, number: int) -> TableVersion:
    """Return a version the person's domain may change, else answer 403 or 404."""
    found = version_or_404(table_id, number)
    if not may_steer(found.table):
        raise PermissionDenied(f"{found.table} holds for other domains as well.")
    return found
