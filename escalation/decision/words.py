"""Conditions in words, and words as conditions: one language for grid, files and explanations.

`Link failure` · `Link failure, Device failure` · `not Device failure` · `at least 2` · `at most 4`
· `2 to 4` · `(none)`; nothing or `any` fits every value.
"""

from collections.abc import Callable

from escalation.decision.conditions import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    IS,
    IS_EMPTY,
    NOT_ONE_OF,
    ONE_OF,
    BadCondition,
    Condition,
    Value,
)
from escalation.decision.inputs import FLAG, NUMBER, Input

ANY = "any"
NONE = "(none)"
_BOUNDS = {"at least": AT_LEAST, ">=": AT_LEAST, "≥": AT_LEAST}
_BOUNDS |= {"at most": AT_MOST, "<=": AT_MOST, "≤": AT_MOST}
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
LabelOf = Callable[[Value], str]


def _plain(value: Value) -> str:
    return NONE if value == "" else str(value)


def in_words(condition: Condition | None, label: LabelOf = _plain) -> str:
    """Return a cell's text, such as "Link failure, Device failure" or "2 to 4"; "" for any."""
    if condition is None:
        return ""
    values = [label(value) for value in condition.values]
    match condition.operator:
        case "is_empty":
            return NONE
        case "not_one_of":
            return f"not {', '.join(values)}"
        case "at_least":
            return f"at least {values[0]}"
        case "at_most":
            return f"at most {values[0]}"
        case "between":
            return f"{values[0]} to {values[1]}"
    return ", ".join(values)


def mismatch(key: str, condition: Condition, actual: Value) -> str:
    """Say why a condition does not hold: "stage is l1, not (none)"."""
    return f"{key} is {_plain(actual)}, not {in_words(condition)}"


def read_cell(text: str, column: Input) -> Condition | None:
    """Read a cell; None where it fits any value. Raises `BadCondition` with a sentence."""
    text = " ".join(text.split())
    if not text or text.casefold() == ANY:
        return None
    if text.casefold() == NONE:
        return Condition(IS_EMPTY)
    if (alone := _find(text, column)) is not None:
        return Condition(IS, (alone,))
    if column.kind == NUMBER and (bound := _bound(text, column)):
        return bound
    negative = text.casefold().startswith("not ")
    values = _listed(text[4:] if negative else text, column)
    if negative:
        return Condition(NOT_ONE_OF, values)
    return Condition(IS, values) if len(values) == 1 else Condition(ONE_OF, values)


def read_value(text: str, column: Input) -> Value:
    """Read one value; nothing is "". Raises `BadCondition` with a sentence."""
    return _value(text, column) if text.strip() else ""


def _bound(text: str, column: Input) -> Condition | None:
    for word, operator in _BOUNDS.items():
        if text.casefold().startswith(word):
            return Condition(operator, (_value(text[len(word) :], column),))
    for between in (" to ", ".."):
        low, found, high = text.partition(between)
        if found:
            return Condition(BETWEEN, (_value(low, column), _value(high, column)))
    return None


def _listed(text: str, column: Input) -> tuple[Value, ...]:
    parts = [part for part in text.split(",") if part.strip()]
    if not parts:
        raise BadCondition("Name at least one value.")
    return tuple(dict.fromkeys(_value(part, column) for part in parts))


def _value(text: str, column: Input) -> Value:
    found = _find(text, column)
    if found is None and text.strip().casefold() == NONE:
        return ""
    if found is None:
        raise BadCondition(_unknown(text.strip(), column))
    return found


def _find(text: str, column: Input) -> Value | None:
    wanted = text.strip().casefold()
    for choice in column.choices:
        if wanted in (str(choice.value).casefold(), choice.label.casefold()) and wanted:
            return choice.value
    if column.choices:
        return None
    if column.kind == NUMBER:
        return _number(wanted)
    if column.kind == FLAG:
        return _FLAGS.get(wanted)
    # A free text with a comma or a leading "not" is a list, not one value.
    return None if "," in wanted or wanted.startswith("not ") else text.strip() or None


def _number(text: str) -> int | float | None:
    try:
        number = float(text.replace(" ", "").replace("_", ""))
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number


def _unknown(text: str, column: Input) -> str:
    if column.kind == NUMBER and not column.choices:
        return f"{text!r} is no number. Write 3, at least 3, at most 3 or 2 to 4."
    if column.kind == FLAG:
        return f"{text!r} is neither yes nor no."
    some = ", ".join(choice.label for choice in list(column.choices)[:6])
    return f"{column.label} has no value {text!r}. Known: {some}."
