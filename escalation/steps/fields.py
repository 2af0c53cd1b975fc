"""Steps that change the incident's own fields."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from escalation.context import Context
from escalation.messages import facts_of
from escalation.placeholders import fill, unknown_names
from escalation.registry import Choices, NoOptions, option, step
from incidents import actions
from incidents.choices import Channel, Level


def _level(text: str) -> int:
    if text not in {str(value) for value in Level.values}:
        raise ValueError(f"{text!r} is no level; it is 1, 2 or 3.")
    return int(text)


def _channel(text: str) -> str:
    if text not in Channel.values:
        raise ValueError(f"{text!r} is no channel; it is one of {', '.join(Channel.values)}.")
    return text


def _switch(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no.")
    return text == "yes"


def _words(text: str) -> str:
    if unknown := unknown_names(text):
        raise ValueError(f"Unknown placeholders: {', '.join(unknown)}.")
    return text


# Category, state and stage are left out: they have steps and actions of their own.
SETTABLE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "impact": ("Impact", _level),
    "urgency": ("Urgency", _level),
    "channel": ("Channel", _channel),
    "needs_attention": ("Needs attention", _switch),
    "probable_cause": ("Probable cause", _words),
    "business_impact": ("Business impact", _words),
}


def settable_fields() -> Choices:
    """Return the fields a subflow may set."""
    return [(name, label) for name, (label, _) in SETTABLE.items()]


@dataclass(frozen=True, slots=True)
class ToValue:
    field: str = option(label="Field", choices=settable_fields)
    value: str = option(
        label="Value",
        help="Impact and urgency: 1, 2 or 3. Needs attention: yes or no. Texts may hold "
        "placeholders such as {{ ci.name }}.",
        long=True,
    )

    def __post_init__(self) -> None:
        if self.field not in SETTABLE:
            raise ValueError(f"{self.field!r} is no field a subflow sets.")
        SETTABLE[self.field][1](self.value)

    def words(self) -> dict[str, str]:
        shown = self.value if len(self.value) <= 40 else f"{self.value[:39]}…"
        return {"field": SETTABLE[self.field][0], "value": shown}


@step("set_field", label="Set {field} to {value}", options=ToValue, title="Set a field")
def set_field(context: Context, options: ToValue) -> str:
    """Set one field of the incident to a fixed value or a filled text."""
    value = SETTABLE[options.field][1](options.value)
    if isinstance(value, str):
        value = fill(value, facts_of(context.incident))
    changes = actions.set_by_workflow(
        incident=context.incident,
        values={options.field: value},
        by=context.by,
        now=context.now,
        act=context.act,
    )
    words = options.words()
    if not changes:
        return f"{words['field']} was {words['value']} already."
    return f"Set {words['field']} to {changes[0]['new']}."


@step("refresh_impact", label="Refresh impacted services and affected accounts")
def refresh_impact(context: Context, options: NoOptions) -> str:
    """Find out whom the incident hits (R86)."""
    diff = actions.refresh_impact(
        incident_id=context.incident.pk, by=context.by, now=context.now, act=context.act
    )
    return diff.sentence()
