"""The Related records tab: what else belongs to an incident (R84)."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from changes.models import ChangeRequest
from incidents.models import Alert, Incident, IncidentTask, Problem, WorkOrder


@dataclass(frozen=True, slots=True)
class Related:
    """A group of related records; rows are (number, text, state, address)."""

    title: str
    rows: list[tuple[str, str, str, str]]


def related_of(incident: Incident) -> list[Related]:
    """Return every group, empty ones too, so that the page says what there is not."""
    return [
        Related("Incident tasks", _tasks(incident)),
        Related("Change requests", _changes(incident)),
        Related("Problem", _problems(incident)),
        Related("Work orders", _work_orders(incident)),
        Related("Alerts", _alerts(incident)),
        Related("Child incidents", _incidents(Incident.objects.filter(parent=incident))),
        Related("Related incidents", _incidents(incident.related_incidents.all())),
    ]


def _tasks(incident: Incident) -> list[tuple[str, str, str, str]]:
    tasks = IncidentTask.objects.filter(incident=incident).select_related("assignment_group")
    return [
        (
            t.number,
            f"{t.get_stage_display()}: {t.assignment_group}",
            t.get_state_display(),
            reverse("workspace:task", args=[t.number]),
        )
        for t in tasks.order_by("pk")
    ]


def _changes(incident: Incident) -> list[tuple[str, str, str, str]]:
    linked = (incident.change_request_id, incident.caused_by_change_id)
    wanted = [pk for pk in linked if pk is not None]
    return [
        (
            c.number,
            c.short_description,
            "Cause" if c.pk == incident.caused_by_change_id else c.get_state_display(),
            reverse("workspace:change", args=[c.number]),
        )
        for c in ChangeRequest.objects.filter(pk__in=wanted)
    ]


def _problems(incident: Incident) -> list[tuple[str, str, str, str]]:
    found = Problem.objects.filter(incidents=incident)
    return [(p.number, p.short_description, p.get_state_display(), "") for p in found]


def _work_orders(incident: Incident) -> list[tuple[str, str, str, str]]:
    found = WorkOrder.objects.filter(incident=incident)
    return [(w.number, w.short_description, w.get_state_display(), "") for w in found]


def _alerts(incident: Incident) -> list[tuple[str, str, str, str]]:
    found = Alert.objects.filter(incident=incident)
    return [(a.number, a.short_description, a.get_severity_display(), "") for a in found]


def _incidents(rows: QuerySet[Incident]) -> list[tuple[str, str, str, str]]:
    return [
        (
            i.number,
            i.short_description,
            i.get_state_display(),
            reverse("workspace:incident", args=[i.number]),
        )
        for i in rows.order_by("-pk")
    ]
