"""Conditions of a row: a closed set of operators over plain values (reliability R14)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool
EMPTY: Value = ""

IS, ONE_OF, NOT_ONE_OF = "is", "one_of", "not_one_of"
AT_LEAST, AT_MOST, BETWEEN, IS_EMPTY = "at_least", "at_most", "between", "is_empty"


class BadCondition(ValueError):
    """A stored condition is none of the closed set."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator tests, how many values it takes and which inputs it is for."""

    test: Callable[[Value, tuple[Any, ...]], bool]
    least: int
    most: int
    numbers_only: bool = False


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


OPERATORS: dict[str, Operator] = {
    IS: Operator(lambda actual, wanted: actual == wanted[0], 1, 1),
    ONE_OF: Operator(lambda actual, wanted: actual in wanted, 1, 1000),
    NOT_ONE_OF: Operator(lambda actual, wanted: actual not in wanted, 1, 1000),
    AT_LEAST: Operator(lambda a, w: _is_number(a) and a >= w[0], 1, 1, True),
    AT_MOST: Operator(lambda a, w: _is_number(a) and a <= w[0], 1, 1, True),
    BETWEEN: Operator(lambda a, w: _is_number(a) and w[0] <= a <= w[1], 2, 2, True),
    IS_EMPTY: Operator(lambda actual, _: actual == EMPTY, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One cell on the left of a row; a row without one for an input fits any value."""

    operator: str
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        known = OPERATORS.get(self.operator)
        if known is None:
            raise BadCondition(f"There is no operator {self.operator!r}.")
        if not known.least <= len(self.values) <= known.most:
            raise BadCondition(f"{self.operator} does not take {len(self.values)} values.")
        if known.numbers_only and not all(_is_number(value) for value in self.values):
            raise BadCondition(f"{self.operator} compares numbers.")
        if self.operator == BETWEEN and self.values[0] > self.values[1]:  # type: ignore[operator]
            raise BadCondition("A range goes from the smaller to the larger number.")

    def holds(self, actual: Value) -> bool:
        """Tell whether the condition holds for a value; an empty value is ""."""
        return OPERATORS[self.operator].test(actual, self.values)

    def exact(self) -> tuple[Value, ...] | None:
        """Return the only values it holds for; None where they cannot be listed."""
        if self.operator == IS_EMPTY:
            return (EMPTY,)
        return self.values if self.operator in (IS, ONE_OF) else None

    def as_json(self) -> list[Value]:
        """Return the condition as it is stored: the operator, then its values."""
        return [self.operator, *self.values]


def condition_from(stored: Sequence[Any]) -> Condition:
    """Read a stored condition; raises `BadCondition` for anything but plain values."""
    if not isinstance(stored, list | tuple) or not stored or not isinstance(stored[0], str):
        raise BadCondition("A condition is a list of an operator and its values.")
    if not all(isinstance(value, str | int | float | bool) for value in stored[1:]):
        raise BadCondition("A condition's values are texts, numbers, true or false.")
    return Condition(stored[0], tuple(stored[1:]))
