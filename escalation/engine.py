"""Carry planned subflows out, whole or not at all (design §4)."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.actor import Actor, rule_actor
from core.bus import emit, new_act
from core.crash_points import crash_point
from escalation.conditions import first_unmet, read_conditions
from escalation.context import Context
from escalation.decision import Decision, Value
from escalation.designs import Design
from escalation.facts import condition_in_words, reader
from escalation.models import Run, Subflow, TableVersion
from escalation.planning import make_plan
from escalation.registry import parse_options, step_kind
from incidents.choices import Stage
from incidents.models import Incident
from incidents.queries import locked


def describe(
    decision: Decision, inputs: Mapping[str, Value], version: TableVersion
) -> dict[str, Any]:
    """Return the decision as the run keeps it for people: inputs, row, why earlier rows failed."""
    return {
        "table": version.table.name,
        "table_id": version.table_id,
        "version": version.number,
        "version_id": version.pk,
        "row": decision.row.position,
        "row_key": decision.row.key,
        "inputs": dict(inputs),
        "rejected": [asdict(r) for r in decision.rejected],
    }


def plan_run(
    *,
    incident: Incident,
    subflow: Subflow,
    by: Actor,
    now: datetime,
    decision: dict[str, Any] | None = None,
    group: str = "",
    notes: str = "",
    kind: str = Run.Kind.STAGE,
    inputs: dict[str, Any] | None = None,
    design: Design | None = None,
) -> Run:
    """Write a planned run; the database allows one at a time per incident and kind.

    `inputs` is JSON-ready and what the steps find as `run.plan["inputs"]`; a `design` is planned
    instead of what is in force.
    """
    plan = make_plan(subflow, incident=incident, decision=decision, group=group, design=design)
    return Run.objects.create(
        domain_id=incident.domain_id,
        incident=incident,
        kind=kind,
        subflow=subflow,
        plan=plan | ({"inputs": inputs} if inputs else {}),
        notes=notes,
        started_by=by.as_json(),
        planned_at=now,
    )


@transaction.atomic
def take_run(*, run_id: int, now: datetime) -> Context | None:
    """Carry out a planned run, all or nothing.

    None where it was taken before, or no longer fits the incident's state and is called off.
    """
    incident_id = Run.objects.values_list("incident_id", flat=True).get(pk=run_id)
    incident = locked(incident_id)
    run = Run.objects.select_for_update().select_related("subflow").get(pk=run_id)
    if run.state != Run.State.PLANNED:
        return None
    if not still_fits(run, incident):
        _call_off(run, incident, now)
        return None
    context = context_of(run, incident, now)
    before = incident.stage
    run.log = [do_step(context, n, each) for n, each in enumerate(run.plan["steps"], start=1)]
    run.state, run.finished_at, run.error = Run.State.DONE, now, ""
    run.act = context.act
    run.escalates_at = _when_to_go_on(run, incident, now)
    run.save()
    tell_done(context, before)
    crash_point("run.before-commit")
    return context


def context_of(run: Run, incident: Incident, now: datetime) -> Context:
    """Return what the steps of a run work on."""
    return Context(incident, run, rule_actor(run.subflow.name), now, new_act())


def tell_done(context: Context, before: str) -> None:
    """Say that a run is done; `before` is the stage it found."""
    run, incident = context.run, context.incident
    if run.kind == Run.Kind.STAGE:
        earlier = Run.objects.filter(incident=incident, escalates_at__isnull=False)
        earlier.exclude(pk=run.pk).update(escalates_at=None)
    payload = {"run_id": run.pk, "from": before, "to": incident.stage, "subflow": run.subflow.name}
    emit("incident.escalated", record=incident, by=context.by, now=context.now, payload=payload)


def run_now(
    *,
    subflow_key: str,
    incident: Incident,
    by: Actor,
    now: datetime,
    kind: str,
    inputs: dict[str, Any] | None = None,
    decision: dict[str, Any] | None = None,
) -> Context:
    """Plan and carry out a subflow in the caller's transaction; out: the finished context."""
    subflow = Subflow.objects.get(key=subflow_key)
    run = plan_run(
        incident=incident,
        subflow=subflow,
        by=by,
        now=now,
        kind=kind,
        inputs=inputs,
        decision=decision,
    )
    context = take_run(run_id=run.pk, now=now)
    assert context is not None, "a run planned in this transaction is nobody else's"
    return context


def still_fits(run: Run, incident: Incident) -> bool:
    """Tell whether the incident is as open as the run needs it."""
    # People may resolve, cancel or reopen the incident before a worker comes to the run.
    return incident.is_open != (run.subflow.stage == Stage.RESOLUTION)


def _call_off(run: Run, incident: Incident, now: datetime) -> None:
    run.state, run.finished_at = Run.State.CANCELED, now
    run.error = f"{incident.number} was {incident.get_state_display()} before the run began."
    run.save(update_fields=["state", "finished_at", "error"])


def _when_to_go_on(run: Run, incident: Incident, now: datetime) -> datetime | None:
    minutes = run.plan.get("escalate_after", 0)
    waits = minutes and run.kind == Run.Kind.STAGE and incident.stage == run.plan["stage"]
    return now + timedelta(minutes=minutes) if waits else None


def do_step(context: Context, number: int, each: dict[str, Any]) -> dict[str, Any]:
    """Do one step of a plan, or leave it out where a condition does not hold; out: its log."""
    started = time.perf_counter()
    conditions = read_conditions(each.get("conditions", []))
    unmet = first_unmet(conditions, reader(context.incident))
    if unmet is None:
        did = step_kind(each["step"]).run(context, parse_options(each["step"], each["options"]))
    else:
        did = f"Left out, because not: {condition_in_words(unmet)}."
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    crash_point(f"run.after-step-{number}")
    left_out = {"left_out": True} if unmet else {}
    return {"step": each["step"], "did": did, "milliseconds": milliseconds, **left_out}
