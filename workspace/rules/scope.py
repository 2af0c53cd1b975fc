"""Who may change rules: those that hold for every domain are changed for the whole instance."""

from django.core.exceptions import PermissionDenied

from core.models import Domain, User
from core.scope import current_scope


def acts_for_all() -> bool:
    """Tell whether the signed-in person acts for the whole instance."""
    return current_scope().domain_ids is None


def may_change(user: User, permission: str, domain_id: int | None = None) -> bool:
    """Tell whether a person may change what holds for a domain, or for all where none is named."""
    return user.has_perm(permission) and _reaches(domain_id)


def require_reach(domain_id: int | None = None) -> None:
    """Answer 403 where the domain, or all of them, is beyond the signed-in person."""
    if not _reaches(domain_id):
        raise PermissionDenied("This holds for other domains as well.")


def own_domains() -> list[Domain]:
    """Return the domains the signed-in person may give a text or value of their own."""
    ids = current_scope().domain_ids
    rows = Domain.objects.order_by("name")
    return list(rows if ids is None else rows.filter(pk__in=ids))


def _reaches(domain_id: int | None) -> bool:
    ids = current_scope().domain_ids
    return ids is None or (domain_id is not None and domain_id in ids)
