"""Read the filters of a query string, whichever way the client spells operators (tmf.md §3.5)."""

import re
from collections.abc import Collection, Iterable

from tmf621.filtering.errors import MAX_FILTERS, MAX_SEGMENTS, MAX_VALUES, BadFilter
from tmf621.filtering.expression import EXPRESSION, read_expression
from tmf621.filtering.moments import asked_moment
from tmf621.filtering.parts import NAME, Compare, Filter, Operator, Part, Path, distinct, dotted
from tmf621.filtering.patterns import check_pattern
from tmf621.filtering.values import Value, check_text, readings, split_alternatives

_LITERAL = re.compile(r"([^<>*=]*)(>=|<=|\*=|=~|>|<|\*)(.*)\Z", re.DOTALL)
_SYMBOLS = {
    ">": Operator.GT,
    ">=": Operator.GTE,
    "<": Operator.LT,
    "<=": Operator.LTE,
    "*=": Operator.REGEX,
    "=~": Operator.REGEX,
}
SUFFIXES = {
    "eq": Operator.EQ,
    "exact": Operator.EQ,
    "gt": Operator.GT,
    "gte": Operator.GTE,
    "lt": Operator.LT,
    "lte": Operator.LTE,
    "regex": Operator.REGEX,
}
Asked = tuple[Path, Operator]


def read_query(pairs: Iterable[tuple[str, str]], *, reserved: Collection[str]) -> Filter:
    """Return what the decoded pairs of a query string ask for; reserved names are passed over.

    Values of one attribute and operator are alternatives, everything else must hold together.
    A value's quoted parts keep their commas: `name="a,b",c`. Errors: `BadFilter`.
    """
    asked: dict[Asked, list[str]] = {}
    parts: list[Part] = []
    for key, raw in pairs:
        if key in reserved:
            continue
        if key == EXPRESSION:
            parts.append(read_expression(raw))
        else:
            how, text = _split(key, raw)
            again = f"{key}="
            asked.setdefault(how, []).extend(split_alternatives(text, dotted(how[0]), again))
        if len(parts) + len(asked) > MAX_FILTERS:
            raise BadFilter(f"At most {MAX_FILTERS} filters are taken at once.")
    return Filter(tuple(_part(*how, texts) for how, texts in asked.items()) + tuple(parts))


def _split(key: str, raw: str) -> tuple[Asked, str]:
    """Return path, operator and raw value: `a.gt=v`, `a>v` and `a>=v` are all in use."""
    literal = _LITERAL.match(key)
    if literal is None:
        path = _read_path(key)
        if len(path) > 1 and path[-1] in SUFFIXES:
            return (_short(path[:-1]), SUFFIXES[path[-1]]), raw
        return (_short(path), Operator.EQ), raw
    name, symbol, rest = literal.groups()
    path = _short(_read_path(name))
    if not rest and symbol + "=" in _SYMBOLS:
        # "a>=v" arrives as key "a>" with the value behind the equals sign.
        return (path, _SYMBOLS[symbol + "="]), raw
    if symbol not in _SYMBOLS:
        raise BadFilter(f"{name}: {symbol} is no operator; write *= or .regex=.", name)
    # "a>x=y" arrives as key "a>x" with the value "y".
    return (path, _SYMBOLS[symbol]), f"{rest}={raw}" if rest and raw else rest or raw


def _read_path(text: str) -> Path:
    path = tuple(text.split("."))
    if not all(NAME.fullmatch(name) for name in path):
        raise BadFilter(f"{text[:80]!r} is no attribute's name.", text[:80])
    return path


def _short(path: Path) -> Path:
    if len(path) > MAX_SEGMENTS:
        name = dotted(path)[:80]
        raise BadFilter(f"{name}: a path has at most {MAX_SEGMENTS} names.", name)
    return path


def _part(path: Path, operator: Operator, texts: list[str]) -> Part:
    name = dotted(path)
    if not texts:
        raise BadFilter(f"{name}: name a value.", name)
    if len(texts) > MAX_VALUES:
        raise BadFilter(f"{name}: at most {MAX_VALUES} values are taken at once.", name)
    values: list[Value] = []
    for text in texts:
        check_text(text, name)
        values += _values(text, operator, name)
    return Part(path, Compare((), operator, distinct(values)))


def _values(text: str, operator: Operator, name: str) -> tuple[Value, ...]:
    if operator is Operator.REGEX:
        check_pattern(text, name)
        return (text,)
    read = readings(asked_moment(text))
    return read if operator is Operator.EQ else tuple(v for v in read if not isinstance(v, bool))
