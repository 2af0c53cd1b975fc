"""Write a part as an expression, so that it can travel as a text."""

from decimal import Decimal

from tmf621.filtering.parts import All, Compare, Condition, Exists, Part, Path
from tmf621.filtering.values import Value

# Nothing stands before the start of a text.
_NEVER = "=~ '.^'"


def to_expression(part: Part) -> str:
    """Return the text from which `read_expression` makes the same part.

    A comparison that was left without values becomes one that never holds.
    """
    base = ".".join(["$", *part.base])
    return f"{base}[?({_condition(part.condition, within_all=False)})]"


def _condition(condition: Condition, *, within_all: bool) -> str:
    if isinstance(condition, Exists):
        return _at(condition.path)
    if isinstance(condition, All):
        return " && ".join(_condition(inner, within_all=True) for inner in condition.conditions)
    if isinstance(condition, Compare):
        at = _at(condition.path)
        told = [f"{at} {condition.operator} {_literal(value)}" for value in condition.values]
        told = told or [f"{at} {_NEVER}"]
    else:
        told = [_condition(inner, within_all=False) for inner in condition.conditions]
    written = " || ".join(told)
    return f"({written})" if within_all and len(told) > 1 else written


def _at(path: Path) -> str:
    return ".".join(["@", *path])


def _literal(value: Value) -> str:
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{quoted}'"
    if isinstance(value, Decimal):
        return format(value, "f")
    return {True: "true", False: "false", None: "null"}[value]
