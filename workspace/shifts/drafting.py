"""Draft what one shift tells the next from what changed meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from changes.models import ChangeRequest
from core.models import User
from incidents.models import Incident, IncidentTask
from workspace.home.waiting import waiting_customers
from workspace.words import duration

USUAL_SHIFT = timedelta(hours=8)
LONGEST_SHIFT = timedelta(days=3)
SHOWN = 12
AHEAD = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; an empty one is left out of the draft."""

    title: str
    lines: tuple[str, ...]


def draft(user: User, since: datetime, now: datetime) -> str:
    """Return the note in Markdown: what came, what went, what is open and who still waits."""
    sections = [
        Section("Still open, P1 and P2", _pressing(now)),
        Section("Escalated in this shift", _escalated(since)),
        Section("Customers nobody has told yet", _waiting(now)),
        Section("Resolved in this shift", _resolved(since)),
        Section(f"Planned in the next {duration(AHEAD)}", _planned(user, now)),
    ]
    return written(_summary(since, now), sections)


def written(summary: str, sections: Iterable[Section]) -> str:
    """Return the Markdown of a summary and its sections."""
    parts = [summary]
    for section in sections:
        if section.lines:
            parts.append("\n".join([f"### {section.title}", "", *section.lines]))
    return "\n\n".join(parts) + "\n"


def _summary(since: datetime, now: datetime) -> str:
    opened = Incident.objects.filter(opened_at__gte=since).count()
    resolved = Incident.objects.filter(resolved_at__gte=since).count()
    still = Incident.objects.open().count()
    begin, end = timezone.localtime(since), timezone.localtime(now)
    span = f"{begin:%-d %b %H:%M}–{end:%H:%M %Z}"
    return f"Shift {span}: {opened} incidents opened, {resolved} resolved, {still} open now."


def _pressing(now: datetime) -> tuple[str, ...]:
    rows = Incident.objects.open().pressing().select_related("assignment_group", "assigned_to")
    found = rows.order_by("priority", "opened_at")[:SHOWN]
    return tuple(
        f"- P{each.priority} {_linked(each, 'incident')}, {each.get_stage_display()}, "
        f"{each.assigned_to or each.assignment_group or 'nobody'}, open "
        f"{duration(now - each.opened_at)}"
        for each in found
    )


def _escalated(since: datetime) -> tuple[str, ...]:
    # An escalation closes a stage's task and opens the next stage's.
    tasks = IncidentTask.objects.filter(opened_at__gte=since).exclude(stage__in=["", "triage"])
    found = tasks.select_related("incident", "assignment_group").order_by("-opened_at")[:SHOWN]
    return tuple(
        f"- {_linked(task.incident, 'incident')} to {task.assignment_group or 'nobody'}"
        for task in found
    )


def _waiting(now: datetime) -> tuple[str, ...]:
    return tuple(
        f"- {_safe(each.account)}, {_linked(each.incident, 'incident')}, "
        f"since {duration(now - each.since)}"
        for each in waiting_customers().rows
    )


def _resolved(since: datetime) -> tuple[str, ...]:
    rows = Incident.objects.filter(resolved_at__gte=since).order_by("-resolved_at")[:SHOWN]
    return tuple(f"- {_linked(each, 'incident')}" for each in rows)


def _planned(user: User, now: datetime) -> tuple[str, ...]:
    if not user.has_perm("changes.view_changerequest"):
        return ()
    rows = ChangeRequest.objects.filter(planned_start__gte=now, planned_start__lt=now + AHEAD)
    return tuple(
        f"- {timezone.localtime(each.planned_start):%H:%M %Z} {_linked(each, 'change')}"
        for each in rows.order_by("planned_start")[:SHOWN]
    )


def _linked(record: Any, page: str) -> str:
    address = reverse(f"workspace:{page}", args=[record.number])
    return f"[{record.number}]({address}) {_safe(record.short_description)}"


def _safe(text: object) -> str:
    """Return text that Markdown takes as it stands."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in str(text))
