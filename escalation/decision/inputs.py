"""What a table may ask about: typed inputs, declared in code by the app that knows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from escalation.decision.conditions import Value

TEXT, NUMBER, FLAG = "text", "number", "flag"


@dataclass(frozen=True, slots=True)
class Choice:
    """A legal value and how people call it."""

    value: Value
    label: str


@dataclass(frozen=True, slots=True)
class Input:
    """A column on the left. `choices` closes the set of values; without, any value goes."""

    key: str
    label: str
    kind: str = TEXT
    choices: Sequence[Choice] = ()
    usual: bool = True
    help: str = ""

    def label_of(self, value: Value) -> str:
        """Return how people call a value of this input."""
        for choice in self.choices:
            if choice.value == value:
                return choice.label
        if self.kind == FLAG:
            return "yes" if value else "no"
        if self.kind == NUMBER and isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "(none)" if value == "" else str(value)
