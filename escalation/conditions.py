"""Conditions of a step: closed operators over named facts; plain values, no database (R14).

A fact's value is a text or a whole number. Nothing typed here is ever more than compared.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Value = str | int
Read = Callable[[str], Value]

OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "one_of": "is one of",
    "at_least": "is at least",
    "at_most": "is at most",
    "empty": "is empty",
    "not_empty": "is not empty",
}
NEEDS_NUMBER = frozenset({"at_least", "at_most"})
NEEDS_NOTHING = frozenset({"empty", "not_empty"})


class BadCondition(ValueError):
    """A condition that can never be judged; the text says why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; several are joined by "and"."""

    fact: str
    operator: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise BadCondition(f"There is no comparison {self.operator!r}.")
        if self.operator in NEEDS_NUMBER and not _is_number(self.value):
            raise BadCondition(f"{self.fact}: {self.value!r} is not a whole number.")
        if self.operator not in NEEDS_NOTHING and not self.value.strip():
            raise BadCondition(f"{self.fact}: say what to compare with.")

    def holds(self, read: Read) -> bool:
        """Tell whether the fact is as the condition wants it."""
        actual = read(self.fact)
        if self.operator in NEEDS_NUMBER:
            return _at_side(self.operator, actual, int(self.value))
        if self.operator in NEEDS_NOTHING:
            return (str(actual) == "") == (self.operator == "empty")
        wanted = self.values if self.operator == "one_of" else (self.value.strip(),)
        return (str(actual) in wanted) != (self.operator == "is_not")

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values of a list such as "1, 2"."""
        return tuple(part.strip() for part in self.value.split(",") if part.strip())

    def in_words(self, label: str = "") -> str:
        """Say the condition, such as "priority is at most 2"."""
        words = f"{label or self.fact} {OPERATORS[self.operator]}"
        return words if self.operator in NEEDS_NOTHING else f"{words} {self.value.strip()}"

    def as_json(self) -> dict[str, str]:
        """Return the condition as it is stored."""
        return {"fact": self.fact, "operator": self.operator, "value": self.value}


def read_conditions(stored: Iterable[dict[str, Any]]) -> tuple[Condition, ...]:
    """Return stored conditions; raises `BadCondition` for one that makes no sense."""
    found = []
    for each in stored:
        if not isinstance(each, dict) or not {"fact", "operator"} <= set(each):
            raise BadCondition("A condition names a fact and a comparison.")
        value = str(each.get("value", ""))
        found.append(Condition(str(each["fact"]), str(each["operator"]), value))
    return tuple(found)


def first_unmet(conditions: Iterable[Condition], read: Read) -> Condition | None:
    """Return the first condition that does not hold; None where all hold."""
    return next((each for each in conditions if not each.holds(read)), None)


def _at_side(operator: str, actual: Value, limit: int) -> bool:
    if not _is_number(str(actual)):
        return False
    return int(actual) >= limit if operator == "at_least" else int(actual) <= limit


def _is_number(text: str) -> bool:
    bare = text.strip().removeprefix("-")
    return bare.isascii() and bare.isdigit() and len(bare) < 10
