"""Reads over incidents that cross tables."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce

from core.models import User
from incidents.choices import State
from incidents.errors import Refused
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    Alert,
    Category,
    ImpactedService,
    Incident,
    IncidentState,
    IncidentTask,
    PriorityRule,
    StateTransition,
    Subcategory,
)


def locked(incident_id: int) -> Incident:
    """Return the incident with its row locked until the transaction ends."""
    incidents = Incident.objects.filter(pk=incident_id)
    if connection.features.has_select_for_update_of:
        incidents = incidents.select_for_update(of=("self",))
    found = incidents.select_related("assignment_group", "assigned_to", "ci").first()
    if found is None:
        raise Incident.DoesNotExist(f"No incident {incident_id}.")
    return found


def priority_for(impact: int, urgency: int) -> int:
    """Return the matrix's priority (R13); Refused where an admin left the cell empty."""
    rules = PriorityRule.objects.filter(active=True, impact=impact, urgency=urgency)
    for priority in rules.order_by("order").values_list("priority", flat=True):
        return priority
    raise Refused(f"The priority matrix has no active cell for impact {impact}, urgency {urgency}.")


def may_move(source: str, target: str) -> bool:
    """Tell whether this site allows the move between two states."""
    return StateTransition.objects.filter(
        active=True, source__value=source, target__value=target
    ).exists()


def next_states(state: str) -> list[tuple[str, str]]:
    """Return the (value, label) pairs an incident in this state may move to."""
    targets = IncidentState.objects.filter(comes_from__active=True, comes_from__source__value=state)
    return list(targets.order_by("order").values_list("value", "label"))


def category_labels() -> dict[str, str]:
    """Return the label of every category value."""
    return dict(Category.objects.values_list("value", "label"))


def subcategory_labels() -> dict[tuple[str, str], str]:
    """Return the label of every (category, subcategory) pair of values."""
    rows = Subcategory.objects.values_list("category__value", "value", "label")
    return {(category, value): label for category, value, label in rows}


def labels_of(incident: Incident) -> tuple[str, str]:
    """Return what people read for an incident's category and sub category."""
    sub = Subcategory.objects.filter(category=OuterRef("pk"), value=incident.subcategory)
    rows = Category.objects.filter(value=incident.category)
    found = rows.values_list("label", Subquery(sub.values("label")[:1])).first()
    return (found[0], found[1] or "") if found else ("", "")


def subcategory_exists(category: str, subcategory: str) -> bool:
    """Tell whether the subcategory is offered for the category (R21)."""
    return Subcategory.objects.filter(category__value=category, value=subcategory).exists()


def may_work_on(incident: Incident, user: User | None) -> bool:
    """Tell whether the user works on the incident: assignee, group member or admin (R60)."""
    if user is None:
        return False
    if user.is_superuser or incident.assigned_to_id == user.pk:
        return True
    return incident.assignment_group is None or incident.assignment_group.has_member(user)


def open_stage_task(incident: Incident) -> IncidentTask | None:
    """Return the one open task of the workflow, if any (R62)."""
    return next(
        (t for t in IncidentTask.objects.filter(incident=incident).exclude(stage="") if t.is_open),
        None,
    )


@dataclass(frozen=True, slots=True)
class CardCounts:
    """The numbers on an incident's cards (R35)."""

    cis: int
    services: int
    accounts: int
    tasks: int
    open_tasks: int
    alerts: int


def card_counts(incident: Incident) -> CardCounts:
    """Count what the cards show, in one statement."""

    def rows_of(model: type[Model], **conditions: Any) -> Any:
        rows = model._base_manager.filter(incident=OuterRef("pk"), **conditions)
        counted = rows.order_by().values("incident").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted), 0)

    found = Incident.objects.filter(pk=incident.pk).values(
        n_cis=rows_of(AffectedCI),
        n_services=rows_of(ImpactedService),
        n_accounts=rows_of(AffectedAccount),
        n_tasks=rows_of(IncidentTask),
        n_open_tasks=rows_of(IncidentTask, closed_at=None),
        n_alerts=rows_of(Alert),
    )
    counts: dict[str, Any] = {**found.get()}
    return CardCounts(**{name.removeprefix("n_"): n for name, n in counts.items()})


def is_closed(incident: Incident) -> bool:
    """Tell whether nothing about the incident may change any more."""
    return incident.state in (State.CLOSED, State.CANCELED)
