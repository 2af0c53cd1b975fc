"""Who may be chosen in a form that assigns."""

from django.db.models import QuerySet

from core.models import AssignmentGroup, User


def offered_groups() -> QuerySet[AssignmentGroup]:
    """Return the groups work may be given to, by name."""
    return AssignmentGroup.objects.filter(active=True).order_by("name")


def offered_people() -> QuerySet[User]:
    """Return the people work may be given to; machines and those who left are none."""
    return User.objects.filter(is_active=True, is_api_client=False)
