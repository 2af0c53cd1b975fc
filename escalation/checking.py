"""Find what is wrong with the design of a subflow before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Refused
from core.models import AssignmentGroup
from escalation.conditions import BadCondition
from escalation.designs import Design, StepDesign
from escalation.facts import check_condition
from escalation.models import Message
from escalation.planning import expanded
from escalation.registry import BadOptions, check_choices, parse_options
from incidents.choices import Stage

WAIT = "wait_for_next_stage"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at; a fault forbids publishing, a hint does not."""

    text: str
    fault: bool = True
    step: int | None = None


def check_design(design: Design, *, key: str) -> list[Finding]:
    """Return what is wrong with the design of the subflow with this key, faults first."""
    found = [*_of_the_whole(design), *_of_steps(design), *_of_calls(design, key)]
    return sorted(found, key=lambda finding: not finding.fault)


def faults(findings: list[Finding]) -> list[Finding]:
    """Return those that forbid publishing."""
    return [finding for finding in findings if finding.fault]


def _of_the_whole(design: Design) -> Iterator[Finding]:
    active = [each for each in design.steps if each.active]
    if not active:
        yield Finding("It has no step that is switched on.")
    if design.stage and design.stage not in Stage.values:
        yield Finding(f"There is no stage {design.stage!r}.")
    if design.group and not AssignmentGroup.objects.filter(name=design.group).exists():
        yield Finding(f"There is no group {design.group!r}.")
    if design.message_key and not Message.objects.filter(key__iexact=design.message_key).exists():
        yield Finding(f"The message {design.message_key} has no text yet.", fault=False)
    entered = [each.options.get("stage") for each in active if each.step == "enter_stage"]
    if design.stage and entered and design.stage not in entered:
        yield Finding("Its stage is another than the one its steps enter.", fault=False)
    if design.escalate_after and not design.stage:
        yield Finding("Escalate after works for subflows of a stage only.")


def _of_steps(design: Design) -> Iterator[Finding]:
    for number, each in enumerate(design.steps, start=1):
        if problem := step_problem(each):
            yield Finding(f"Step {number}: {problem}", step=number)
        elif each.step == WAIT and any(later.active for later in design.steps[number:]):
            yield Finding(f"Step {number}: nothing is done after waiting.", step=number)


def step_problem(each: StepDesign) -> str:
    """Return in a sentence what is wrong with a step; empty where nothing is."""
    try:
        parse_options(each.step, each.options)
        check_choices(each.step, each.options)
        for condition in each.conditions:
            check_condition(condition)
    except (BadOptions, BadCondition) as error:
        return str(error)
    return ""


def _of_calls(design: Design, key: str) -> Iterator[Finding]:
    try:
        for _ in expanded(design, (key,)):
            pass
    except Refused as error:
        yield Finding(str(error))
