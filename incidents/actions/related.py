"""Open problems and work orders for an incident, each at most once (R84)."""

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from core.bus import emit
from core.numbers import next_number
from incidents.actions.notes import add_system_note
from incidents.actions.updating import set_by_workflow
from incidents.models import Incident, Problem, WorkOrder

UNFINISHED = (WorkOrder.State.DRAFT, WorkOrder.State.DISPATCHED)


@transaction.atomic
def open_problem(
    *, incident: Incident, title: str, by: Actor, now: datetime, act: str
) -> tuple[Problem, bool]:
    """Open a problem and link it to a locked incident; out: it, and whether it is new."""
    if incident.problem is not None:
        return incident.problem, False
    problem = Problem.objects.create(
        number=next_number("PRB"),
        domain_id=incident.domain_id,
        short_description=title[:160],
        description=incident.description,
        priority=incident.priority,
        account=incident.account,
        ci=incident.ci,
        opened_at=now,
        updated_at=now,
    )
    set_by_workflow(incident=incident, values={"problem": problem}, by=by, now=now, act=act)
    emit("problem.opened", record=problem, by=by, now=now)
    return problem, True


@transaction.atomic
def open_work_order(
    *, incident: Incident, kind: str, title: str, by: Actor, now: datetime, act: str
) -> tuple[WorkOrder, bool]:
    """Order work for a locked incident; out: the order, and whether it is new.

    An order of the same kind that is not finished is taken instead.
    """
    under_way = WorkOrder.objects.filter(incident=incident, kind=kind, state__in=UNFINISHED)
    if (found := under_way.order_by("pk").first()) is not None:
        return found, False
    order = WorkOrder.objects.create(
        number=next_number("WO"),
        domain_id=incident.domain_id,
        incident=incident,
        kind=kind,
        short_description=title[:160],
        description=incident.description,
        priority=incident.priority,
        account=incident.account,
        opened_at=now,
        updated_at=now,
    )
    text = f"Work order {order.number} ({order.get_kind_display()}): {order.short_description}"
    add_system_note(incident_id=incident.pk, text=text, by=by, now=now, act=act)
    emit("work_order.opened", record=order, by=by, now=now)
    return order, True
