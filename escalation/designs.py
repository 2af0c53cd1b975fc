"""How a subflow is meant to work, as a plain value that versions keep; no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from escalation.conditions import Condition, read_conditions


@dataclass(frozen=True, slots=True)
class StepDesign:
    """A registered step with its options and the conditions under which it is done."""

    step: str
    options: dict[str, Any] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    active: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the step as it is stored."""
        return {
            "step": self.step,
            "options": self.options,
            "conditions": [each.as_json() for each in self.conditions],
            "active": self.active,
        }


@dataclass(frozen=True, slots=True)
class Design:
    """Everything of a subflow that has versions; records are named, never numbered."""

    subcategory: str = ""
    stage: str = ""
    group: str = ""
    message_key: str = ""
    escalate_after: int | None = None
    steps: tuple[StepDesign, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the design as a version keeps it."""
        plain = asdict(replace(self, steps=()))
        return {**plain, "steps": [each.as_json() for each in self.steps]}

    def with_step(self, step: StepDesign) -> "Design":
        """Return the design with one more step at its end."""
        return replace(self, steps=(*self.steps, step))

    def with_changed(self, at: int, step: StepDesign) -> "Design":
        """Return the design with another step at this place; `IndexError` where there is none."""
        steps = list(self.steps)
        steps[_place(steps, at)] = step
        return replace(self, steps=tuple(steps))

    def without(self, at: int) -> "Design":
        """Return the design without the step at this place."""
        steps = list(self.steps)
        del steps[_place(steps, at)]
        return replace(self, steps=tuple(steps))

    def with_moved(self, at: int, by: int) -> "Design":
        """Return the design with a step further up (by -1) or down; an end stays where it is."""
        steps = list(self.steps)
        step = steps.pop(_place(steps, at))
        steps.insert(max(0, at + by), step)
        return replace(self, steps=tuple(steps))


def read_design(stored: dict[str, Any]) -> Design:
    """Return a stored design; what an older version did not know has its default."""
    minutes = stored.get("escalate_after")
    return Design(
        subcategory=str(stored.get("subcategory", "")),
        stage=str(stored.get("stage", "")),
        group=str(stored.get("group", "")),
        message_key=str(stored.get("message_key", "")),
        escalate_after=int(minutes) if minutes else None,
        steps=tuple(read_step(each) for each in stored.get("steps", [])),
    )


def read_step(stored: dict[str, Any]) -> StepDesign:
    """Return a stored step."""
    return StepDesign(
        step=str(stored["step"]),
        options=dict(stored.get("options", {})),
        conditions=read_conditions(stored.get("conditions", [])),
        active=bool(stored.get("active", True)),
    )


def _place(steps: Sequence[object], at: int) -> int:
    if not 0 <= at < len(steps):
        raise IndexError(f"There is no step {at + 1}.")
    return at
