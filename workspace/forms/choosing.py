"""Who may be chosen in a form that assigns."""

from django.db.models import Q, QuerySet

from core.models import AssignmentGroup, Domain, User
from core.scope import current_scope


def offered_groups() -> QuerySet[AssignmentGroup]:
    """Return the groups work may be given to, by name; a neighbour's are none (R178)."""
    return AssignmentGroup.objects.filter(_working_here(), active=True).order_by("name")


def offered_people() -> QuerySet[User]:
    """Return the people work may be given to; machines and those who left are none."""
    return User.objects.filter(_working_here(), is_active=True, is_api_client=False)


def _working_here() -> Q:
    """Return who belongs to the domains in view or to a provider above them, who works there too.

    Source: R178; a foreign-key choice list is a known leak between tenants.
    """
    seen = current_scope().domain_ids
    return Q() if seen is None else Q(domain__in=Domain.with_those_above(seen))
