"""Carry a subflow out on a real incident and take it all back, to see what it would do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from core.actor import Actor
from core.errors import Refused
from escalation.designs import Design
from escalation.engine import context_of, do_step, plan_run, still_fits, tell_done
from escalation.models import Run, Subflow
from escalation.queries import pending_run
from incidents.models import Incident, IncidentEntry
from incidents.queries import locked

NOTE = "(note of a dry run)"


class _TakeBack(Exception):
    """Leaves the transaction so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step would do."""

    words: str
    did: str
    outcome: str  # done | left out | failed


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a subflow would do to an incident; `reason` says why nothing."""

    number: str
    reason: str = ""
    steps: list[StepReport] = field(default_factory=list)
    entries: list[IncidentEntry] = field(default_factory=list)

    @property
    def works(self) -> bool:
        """Tell whether every step came to its end."""
        return not self.reason and all(step.outcome != "failed" for step in self.steps)


def dry_run(
    *,
    subflow: Subflow,
    incident_id: int,
    by: Actor,
    now: datetime,
    design: Design | None = None,
    group: str = "",
) -> DryRun:
    """Say what the subflow, or a design of it, would do to the incident; nothing is written.

    Everything happens inside a transaction that is taken back: rows, events and what waits for
    the commit. Numbers handed out on the way are lost, as the numbers of any failed work are.
    """
    found: list[DryRun] = []
    try:
        with transaction.atomic():
            found.append(_tried(subflow, incident_id, by, now, design, group))
            raise _TakeBack
    except _TakeBack:
        return found[0]


def _tried(
    subflow: Subflow,
    incident_id: int,
    by: Actor,
    now: datetime,
    design: Design | None,
    group: str,
) -> DryRun:
    incident = locked(incident_id)
    if pending_run(incident) is not None:
        return DryRun(incident.number, f"An escalation of {incident.number} is under way.")
    try:
        run = plan_run(
            incident=incident,
            subflow=subflow,
            by=by,
            now=now,
            group=group,
            notes=NOTE,
            design=design,
        )
    except (Refused, ValueError) as error:
        return DryRun(incident.number, f"{error}")
    if not still_fits(run, incident):
        return DryRun(incident.number, f"{incident.number} is {incident.get_state_display()}.")
    return _report(run, incident, now)


def _report(run: Run, incident: Incident, now: datetime) -> DryRun:
    last = incident.journal.order_by("-pk").values_list("pk", flat=True).first() or 0
    context, before = context_of(run, incident, now), incident.stage
    steps: list[StepReport] = []
    for number, each in enumerate(run.plan["steps"], start=1):
        steps.append(_one(context, number, each))
        if steps[-1].outcome == "failed":
            break
    else:
        tell_done(context, before)
    entries = list(incident.journal.filter(pk__gt=last).order_by("pk"))
    return DryRun(incident.number, steps=steps, entries=entries)


def _one(context: Any, number: int, each: dict[str, Any]) -> StepReport:
    try:
        with transaction.atomic():
            log = do_step(context, number, each)
    except Exception as error:
        return StepReport(each["words"], _why(error), "failed")
    return StepReport(each["words"], log["did"], "left out" if log.get("left_out") else "done")


def _why(error: Exception) -> str:
    if isinstance(error, DatabaseError):
        return "The database refuses it: " + str(error).partition("\n")[0]
    return f"{type(error).__name__}: {error}"
