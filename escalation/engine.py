"""Plan a subflow and carry the plan out, whole or not at all (design §4)."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor, rule_actor
from core.bus import emit, new_act
from core.crash_points import crash_point
from escalation.context import Context
from escalation.decision import Decision, Value
from escalation.messages import find_message
from escalation.models import Run, Subflow, TableVersion
from escalation.registry import parse_options, step_kind
from incidents.choices import Stage
from incidents.models import Incident
from incidents.queries import locked


def make_plan(
    subflow: Subflow, *, incident: Incident, decision: dict[str, Any] | None, group: str = ""
) -> dict[str, Any]:
    """Freeze what will be done: steps, options, the message's text as it is now."""
    steps = [
        {
            "step": s.step,
            "options": s.options,
            "words": step_kind(s.step).in_words(_decided(s.options, group)),
        }
        for s in subflow.steps.filter(active=True).order_by("position")
    ]
    message = find_message(subflow.message_key, domain_id=incident.domain_id)
    return {
        "subflow": subflow.name,
        "stage": subflow.stage,
        "group": group,
        "steps": steps,
        "decision": decision or {},
        "message": {
            "key": subflow.message_key,
            "version": message.version if message else 0,
            "text": message.text if message else "",
        },
    }


def _decided(options: dict[str, Any], group: str) -> dict[str, Any]:
    """Return the options as they will hold: the row's group wins over a step's (R63)."""
    return {**options, "group": group} if group and "group" in options else options


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
) -> Run:
    """Write a planned run; the database allows one at a time per incident and kind.

    `inputs` is JSON-ready and what the steps find as `run.plan["inputs"]`.
    """
    plan = make_plan(subflow, incident=incident, decision=decision, group=group)
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
    if not _still_fits(run, incident):
        _call_off(run, incident, now)
        return None
    context = Context(incident, run, rule_actor(run.subflow.name), now, new_act())
    before = incident.stage
    run.log = [_do(context, n, each) for n, each in enumerate(run.plan["steps"], start=1)]
    run.state, run.finished_at, run.error = Run.State.DONE, now, ""
    run.act = context.act
    run.save()
    payload = {"run_id": run.pk, "from": before, "to": incident.stage, "subflow": run.subflow.name}
    emit("incident.escalated", record=incident, by=context.by, now=now, payload=payload)
    crash_point("run.before-commit")
    return context


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


def _still_fits(run: Run, incident: Incident) -> bool:
    # People may resolve, cancel or reopen the incident before a worker comes to the run.
    return incident.is_open != (run.subflow.stage == Stage.RESOLUTION)


def _call_off(run: Run, incident: Incident, now: datetime) -> None:
    run.state, run.finished_at = Run.State.CANCELED, now
    run.error = f"{incident.number} was {incident.get_state_display()} before the run began."
    run.save(update_fields=["state", "finished_at", "error"])


def _do(context: Context, number: int, each: dict[str, Any]) -> dict[str, Any]:
    started = time.perf_counter()
    options = parse_options(each["step"], each["options"])
    did = step_kind(each["step"]).run(context, options)
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    crash_point(f"run.after-step-{number}")
    return {"step": each["step"], "did": did, "milliseconds": milliseconds}
