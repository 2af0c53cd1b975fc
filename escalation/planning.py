"""Freeze what a run will do: steps with options, conditions, and the messages as they are now."""

from collections.abc import Iterator
from typing import Any

from core.errors import Refused
from escalation.conditions import Condition
from escalation.designs import Design, StepDesign, read_step
from escalation.facts import condition_in_words
from escalation.messages import find_message, language_for
from escalation.models import Subflow
from escalation.registry import step_kind
from incidents.models import Incident

CALL, POST = "call_subflow", "post_message"


def design_of(subflow: Subflow) -> Design:
    """Return how the subflow works now."""
    return Design(
        subcategory=subflow.subcategory,
        stage=subflow.stage,
        group=subflow.group.name if subflow.group else "",
        message_key=subflow.message_key,
        escalate_after=subflow.escalate_after,
        steps=tuple(_steps_of(subflow)),
    )


def _steps_of(subflow: Subflow) -> Iterator[StepDesign]:
    for row in subflow.steps.order_by("position"):
        yield read_step(
            {
                "step": row.step,
                "options": row.options,
                "conditions": row.conditions,
                "active": row.active,
            }
        )


def make_plan(
    subflow: Subflow,
    *,
    incident: Incident,
    decision: dict[str, Any] | None,
    group: str = "",
    design: Design | None = None,
) -> dict[str, Any]:
    """Return the plan of a run as JSON; `design` plans a draft instead of what is in force.

    Errors: `Refused` where a called subflow is switched off or calls back.
    """
    chosen = design or design_of(subflow)
    steps = [_planned(each, of, group) for each, of in expanded(chosen, (subflow.key,))]
    language = language_for(incident.domain_id)
    posted = [step["options"].get("key", "") for step in steps if step["step"] == POST]
    others = sorted({key for key in posted if key and key != chosen.message_key})
    return {
        "subflow": subflow.name,
        "version": subflow.version,
        "stage": chosen.stage,
        "group": group,
        "escalate_after": chosen.escalate_after or 0,
        "steps": steps,
        "decision": decision or {},
        "message": _frozen(chosen.message_key, incident, language),
        "messages": {key: _frozen(key, incident, language) for key in others},
    }


def expanded(
    design: Design, calls: tuple[str, ...], conditions: tuple[Condition, ...] = ()
) -> Iterator[tuple[StepDesign, str]]:
    """Yield the active steps with the key of the subflow each is of; called ones in their place.

    In: the keys of the subflows that call each other down to this one, and the conditions of
    their calls. Errors: `Refused` where a called subflow is missing, off, or calls back.
    """
    for each in design.steps:
        under = (*conditions, *each.conditions)
        if not each.active:
            continue
        if each.step == CALL:
            called = _called(each.options.get("subflow", ""), calls)
            yield from expanded(design_of(called), (*calls, called.key), under)
        else:
            yield StepDesign(each.step, each.options, under), calls[-1]


def _called(key: str, calls: tuple[str, ...]) -> Subflow:
    subflow = Subflow.objects.filter(key=key).select_related("group").first()
    if subflow is None:
        raise Refused(f"There is no subflow {key!r} to call.")
    if key in calls:
        raise Refused(f"{subflow} would call itself.")
    if not subflow.active:
        raise Refused(f"{subflow}, which is called, is switched off.")
    return subflow


def _planned(each: StepDesign, of: str, group: str) -> dict[str, Any]:
    words = in_words(each, group)
    conditions = [condition.as_json() for condition in each.conditions]
    return {
        "step": each.step,
        "options": each.options,
        "words": words,
        "of": of,
        **({"conditions": conditions} if conditions else {}),
    }


def in_words(each: StepDesign, group: str = "") -> str:
    """Say a step in words, with the conditions under which it is done."""
    words = step_kind(each.step).in_words(_decided(each.options, group))
    when = " and ".join(condition_in_words(condition) for condition in each.conditions)
    return f"{words}, if {when}" if when else words


def _decided(options: dict[str, Any], group: str) -> dict[str, Any]:
    """Return the options as they will hold: the row's group wins over a step's (R63)."""
    return {**options, "group": group} if group and "group" in options else options


def _frozen(key: str, incident: Incident, language: str) -> dict[str, Any]:
    message = find_message(key, domain_id=incident.domain_id, language=language) if key else None
    return {
        "key": key,
        "version": message.version if message else 0,
        "language": message.language if message else language,
        "text": message.text if message else "",
    }
