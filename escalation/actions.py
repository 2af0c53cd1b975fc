"""Escalate incidents: decide, plan, and leave the plan to a worker (R49-R60)."""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction

from core.actor import Actor, actor_from
from core.bus import emit
from core.changes import MovedOn
from escalation.decision import NoRowFits
from escalation.engine import plan_run, take_run
from escalation.models import Run, Subflow
from escalation.queries import (
    decide_for,
    flow_for,
    pending_run,
    stage_subflow,
    why_no_row,
)
from incidents.actions import add_system_note
from incidents.actions.notes import write_entry
from incidents.choices import Stage
from incidents.errors import MissingField, NotAllowed, Refused
from incidents.models import Incident, IncidentEntry
from incidents.queries import locked, may_work_on, open_stage_task

logger = logging.getLogger(__name__)


@transaction.atomic
def escalate(*, incident_id: int, seen_stage: str, notes: str, by: Actor, now: datetime) -> Run:
    """Decide the next step up and plan it; a worker carries the plan out after the commit.

    In: the stage the agent saw, the mandatory note (R50). Out: the planned run. Errors:
    `MovedOn` when somebody was faster, `NotAllowed` (R60), `Refused` where no row answers (R58).
    """
    incident = locked(incident_id)
    if not notes.strip():
        raise MissingField("notes", "Write a note for the next level.")
    _check_nobody_was_faster(incident, seen_stage, now)
    if not _may_escalate(incident, by):
        raise NotAllowed(f"Only members of {incident.assignment_group} escalate this incident.")
    if not incident.is_open:
        raise Refused(f"{incident.number} is {incident.get_state_display()}.")
    subflow, group, trace = _decide(incident)
    write_entry(incident, IncidentEntry.Kind.WORK_NOTE, notes.strip(), by, now)
    return _plan(incident, subflow, by, now, decision=trace, group=group, notes=notes.strip())


@transaction.atomic
def start_flow(*, incident_id: int, by: Actor, now: datetime) -> Run | None:
    """Start the flow of a new incident's category (R43); None where no flow is meant for it."""
    incident = locked(incident_id)
    flow = flow_for(incident)
    if flow is None or incident.stage or not incident.is_open or pending_run(incident):
        return None
    subflow: Subflow | None
    try:
        subflow, group, trace = _decide(incident)
    except Refused:
        subflow, group, trace = flow.initial_subflow, "", {}
    if subflow is None or not subflow.active:
        logger.warning("%s: the flow %s has no subflow to start with", incident.number, flow)
        return None
    return _plan(incident, subflow, by, now, decision=trace, group=group)


@transaction.atomic
def enter_resolution(*, incident_id: int, by: Actor, now: datetime) -> Run | None:
    """Run the Resolution subflow of a resolved incident (X7); None outside a workflow."""
    incident = locked(incident_id)
    subflow = stage_subflow(incident, Stage.RESOLUTION)
    if not incident.stage or subflow is None or flow_for(incident) is None:
        return None
    if incident.is_open or incident.stage == Stage.RESOLUTION:
        return None
    _cancel_pending(incident, now)
    return _plan(incident, subflow, by, now)


@transaction.atomic
def resume(*, incident_id: int, by: Actor, now: datetime) -> Run | None:
    """Send a reopened incident back to the stage it was resolved from."""
    incident = locked(incident_id)
    done = Run.objects.filter(incident=incident, state=Run.State.DONE, kind=Run.Kind.STAGE)
    last = done.exclude(subflow__stage=Stage.RESOLUTION).order_by("-pk").first()
    _cancel_pending(incident, now, stage=Stage.RESOLUTION)
    if last is None or pending_run(incident) or not incident.is_open:
        return None
    if incident.stage != Stage.RESOLUTION and open_stage_task(incident):
        return None
    return _plan(incident, last.subflow, by, now, group=last.plan["group"])


def carry_out(*, run_id: int, now: datetime) -> None:
    """Take a run in a worker; a step that fails leaves nothing behind but the failed run."""
    try:
        take_run(run_id=run_id, now=now)
    except OperationalError:
        raise  # the database was busy or away: the delivery is tried again
    except Exception as error:
        logger.exception("run %s failed", run_id)
        _fail(run_id, error, now)


@transaction.atomic
def retry_run(*, run_id: int, by: Actor, now: datetime) -> Run:
    """Plan a failed run again, as it was frozen; `Refused` where the incident has moved on."""
    incident = locked(Run.objects.values_list("incident_id", flat=True).get(pk=run_id))
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.FAILED:
        raise Refused("Only a failed run can be tried again.")
    later = Run.objects.filter(incident=incident, kind=run.kind, pk__gt=run.pk)
    if pending_run(incident) or later.filter(state=Run.State.DONE).exists():
        raise Refused(f"{incident.number} has moved on since.")
    run.state, run.error = Run.State.PLANNED, ""
    run.save(update_fields=["state", "error"])
    _hand_to_worker(run, by, now)
    return run


def _may_escalate(incident: Incident, by: Actor) -> bool:
    # psew itself escalates what nobody did in time: see escalation/waiting.py.
    return (by.user is None and by.kind in ("rule", "system")) or may_work_on(incident, by.user)


def _check_nobody_was_faster(incident: Incident, seen_stage: str, now: datetime) -> None:
    if incident.stage != seen_stage:
        label = incident.get_stage_display()
        raise MovedOn(
            f"{incident.number} was already escalated: it is in {label} now. "
            + _who_was_faster(incident, now)
        )
    if pending_run(incident) is not None:
        raise MovedOn(
            f"{incident.number} is being escalated already. {_who_was_faster(incident, now)}"
        )


def _who_was_faster(incident: Incident, now: datetime) -> str:
    """Say who escalated and when: "Ana escalated 4 s ago – nothing was changed"."""
    run = Run.objects.filter(incident=incident, kind=Run.Kind.STAGE).order_by("-pk").first()
    if run is None:
        return "Nothing was changed."
    seconds = max(0, int((now - run.planned_at).total_seconds()))
    age = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return f"{run.started_by.get('name', 'psew')} escalated {age} ago – nothing was changed."


def _decide(incident: Incident) -> tuple[Subflow, str, dict[str, Any]]:
    try:
        decided = decide_for(incident)
    except NoRowFits as error:
        logger.info("%s: no row fits (%s rows looked at)", incident.number, len(error.rejected))
        raise Refused(why_no_row(incident)) from error
    if not decided.subflow.active:
        raise Refused(f"{decided.subflow} is switched off.")
    return decided.subflow, decided.group, decided.trace


def _plan(incident: Incident, subflow: Subflow, by: Actor, now: datetime, **more: Any) -> Run:
    run = plan_run(incident=incident, subflow=subflow, by=by, now=now, **more)
    _hand_to_worker(run, by, now)
    return run


def _hand_to_worker(run: Run, by: Actor, now: datetime) -> None:
    emit("run.planned", record=run.incident, by=by, now=now, payload={"run_id": run.pk})


def _cancel_pending(incident: Incident, now: datetime, stage: str = "") -> None:
    runs = Run.objects.filter(incident=incident, kind=Run.Kind.STAGE, state=Run.State.PLANNED)
    if stage:
        runs = runs.filter(subflow__stage=stage)
    runs.update(state=Run.State.CANCELED, finished_at=now)


@transaction.atomic
def _fail(run_id: int, error: Exception, now: datetime) -> None:
    run = Run.objects.select_for_update().select_related("subflow").get(pk=run_id)
    run.state, run.finished_at = Run.State.FAILED, now
    run.error = f"{type(error).__name__}: {error}"[:4000]
    run.save(update_fields=["state", "finished_at", "error"])
    text = f"{run.subflow} failed and changed nothing: {run.error[:200]}"
    add_system_note(incident_id=run.incident_id, text=text, by=actor_from(run.started_by), now=now)
