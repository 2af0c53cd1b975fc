"""Who gets an incident that is escalated, and what becomes of the task (R62, ux N3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F
from django.urls import reverse

from core.models import User
from escalation.models import DecisionTable
from escalation.queries import POLICY, Preview
from incidents.models import Incident
from incidents.queries import open_stage_task

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the next group, the open incidents they have, and when they last signed in."""

    name: str
    load: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Handover:
    """What the dialog tells beside the plan."""

    members: list[Member]
    more: int
    closes: str
    table_url: str


def handover_of(incident: Incident, ahead: Preview, user: User) -> Handover:
    """Return who is in the next group, those seen last first, and the task that is closed.

    Nobody keeps a roster here, so the last sign-in is what is known of who is at work.
    """
    people = _members(ahead.group) if ahead.possible else []
    task = open_stage_task(incident)
    return Handover(
        members=people[:SHOWN],
        more=max(0, len(people) - SHOWN),
        closes=task.number if task else "",
        table_url=_table_url(user),
    )


def _members(group: str) -> list[Member]:
    people = User.objects.filter(assignment_groups__name=group, is_active=True, is_api_client=False)
    people = people.order_by(F("last_login").desc(nulls_last=True), "username")
    found = list(people)
    rows = Incident.objects.open().filter(assigned_to__in=[each.pk for each in found])
    loads = dict(rows.order_by().values_list("assigned_to").annotate(Count("pk")))
    return [Member(str(each), loads.get(each.pk, 0), each.last_login) for each in found]


def _table_url(user: User) -> str:
    """Return where the table is edited, for those who may."""
    if not user.is_staff or not user.has_perm("escalation.change_decisiontable"):
        return ""
    table = DecisionTable.objects.filter(key=POLICY).order_by("domain_id").first()
    return reverse("admin:escalation_decisiontable_change", args=[table.pk]) if table else ""
