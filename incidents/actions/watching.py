"""The watch list: who wants to follow an incident."""

from django.db import transaction

from core.models import User
from incidents.models import Incident


@transaction.atomic
def watch(*, incident_id: int, user: User) -> None:
    """Put the user on the watch list; twice is once."""
    Incident.objects.get(pk=incident_id).watch_list.add(user)


@transaction.atomic
def unwatch(*, incident_id: int, user: User) -> None:
    """Take the user off the watch list; nothing happens where they are not on it."""
    Incident.objects.get(pk=incident_id).watch_list.remove(user)
