"""Write a part as PostgreSQL jsonpath, in the shapes a jsonb_path_ops index serves.

`document @? %s::jsonpath` is then true for the documents `matches` is true for. The index
serves equality with texts and plain numbers, also alternatives and several for one element.
"""

import json
from decimal import Decimal

from tmf621.filtering.parts import All, Any, Compare, Condition, Exists, Operator, Part, Path
from tmf621.filtering.patterns import Anchor, Either, OneOf, Piece, Row, read_pattern
from tmf621.filtering.values import Value

_NEVER = "(true == false)"


def to_jsonpath(part: Part) -> str:
    """Return the jsonpath of a part; everything the client wrote is quoted in it."""
    return f"${_steps(part.base)} ? ({_condition(part.condition)})"


def _steps(path: Path) -> str:
    return "".join(f".{json.dumps(name)}" for name in path)


def _condition(condition: Condition) -> str:
    if isinstance(condition, All):
        return " && ".join(_grouped(inner) for inner in condition.conditions)
    if isinstance(condition, Any):
        return " || ".join(_grouped(inner) for inner in condition.conditions)
    if isinstance(condition, Exists):
        return f"exists(@{_steps(condition.path)})"
    return " || ".join(_comparison(condition, value) for value in condition.values) or _NEVER


def _grouped(condition: Condition) -> str:
    return f"({_condition(condition)})"


def _comparison(asked: Compare, value: Value) -> str:
    at = f"@{_steps(asked.path)}"
    if asked.operator is Operator.REGEX:
        # Flag s: a dot is any character and the anchors are the ends of the text.
        return f'{at} like_regex {_quoted(_sql(read_pattern(str(value))))} flag "s"'
    return f"{at} {asked.operator} {_literal(value)}"


def _literal(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text)


def _sql(piece: Piece) -> str:
    """Return a pattern in PostgreSQL's words."""
    if isinstance(piece, Anchor):
        return piece.sign
    if isinstance(piece, OneOf):
        return _class(piece)
    if isinstance(piece, Row):
        return "".join(f"(?:{_sql(p)})" if isinstance(p, Either) else _sql(p) for p in piece.pieces)
    if isinstance(piece, Either):
        return "|".join(_sql(branch) for branch in piece.branches)
    inner = _sql(piece.inner)
    return f"{inner if isinstance(piece.inner, OneOf) else f'(?:{inner})'}{piece.sign}"


def _class(asked: OneOf) -> str:
    if not asked.ranges:
        return "."
    spans = [
        _escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}"
        for first, last in asked.ranges
    ]
    first, last = asked.ranges[0]
    if len(asked.ranges) == 1 and first == last and not asked.negated:
        return _escaped(first)
    return f"[{'^' if asked.negated else ''}{''.join(spans)}]"


def _escaped(letter: str) -> str:
    return letter if letter.isalnum() or not letter.isascii() else f"\\{letter}"
