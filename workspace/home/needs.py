"""What needs a person now, in the order of one score whose reasons are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.choices import OPEN_CASE_STATES
from cases.models import CaseEntry
from core.models import User
from incidents.models import Incident
from workspace.words import duration

SHOWN = 8
# A shift that has more than this to look at looks at the list.
LOOKED_AT = 200
BY_PRIORITY = {1: 50, 2: 30, 3: 10}
FOR_REPLY, FOR_ATTENTION, FOR_MINE = 40, 20, 10


@dataclass(frozen=True, slots=True)
class Need:
    """One incident that needs this person, and why."""

    incident: Incident
    score: int
    reasons: tuple[str, ...]
    mine: bool


def needing(rows: Any, user: User) -> Any:
    """Keep the open incidents that need this user; the list behind the number on home.

    Those of the user's groups or own: needing attention, P1 or P2 of one's own, or with a
    customer whose last word nobody answered.
    """
    mine, group = Q(assigned_to=user), Q(assignment_group__in=user.assignment_groups.values("pk"))
    answered = rows.open().filter(mine | group).annotate(replied=Exists(_unanswered()))
    return answered.filter(Q(needs_attention=True) | (mine & Q(priority__lte=2)) | Q(replied=True))


def _unanswered() -> QuerySet[CaseEntry]:
    """Return customers' comments on open cases of an incident that no comment of ours follows."""
    comments = CaseEntry.objects.filter(kind=CaseEntry.Kind.COMMENT)
    ours = comments.filter(case=OuterRef("case"), contact=None, pk__gt=OuterRef("pk"))
    of_incident = comments.filter(
        case__incident=OuterRef("pk"), case__state__in=OPEN_CASE_STATES, contact__isnull=False
    )
    return of_incident.exclude(Exists(ours))


def needs_of(user: User, now: datetime) -> tuple[list[Need], int]:
    """Return the most pressing needs and how many there are."""
    if not user.has_perm("incidents.view_incident"):
        return [], 0
    rows = needing(Incident.objects.all(), user).select_related("assignment_group", "assigned_to")
    found = [need_of(each, user, now) for each in rows.order_by("priority", "pk")[:LOOKED_AT]]
    found.sort(key=lambda need: (-need.score, need.incident.opened_at))
    return found[:SHOWN], len(found)


def need_of(incident: Any, user: User, now: datetime) -> Need:
    """Return an incident with its score and the reasons that make it up."""
    mine = incident.assigned_to_id == user.pk
    parts = [
        (BY_PRIORITY.get(incident.priority, 0), f"P{incident.priority}"),
        (FOR_REPLY if incident.replied else 0, "customer replied"),
        (FOR_ATTENTION if incident.needs_attention else 0, "needs attention"),
        (FOR_MINE if mine else 0, "yours"),
    ]
    age = now - incident.opened_at
    reasons = [reason for points, reason in parts if points]
    score = sum(points for points, _ in parts) + min(int(age.total_seconds() // 3600), 10)
    return Need(incident, score, (*reasons, f"open {duration(age)}"), mine)
