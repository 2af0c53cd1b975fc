"""Values that stand for all others: enough of them to tell any two rows apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from escalation.decision.conditions import Condition, Value
from escalation.decision.inputs import FLAG, NUMBER, Input
from escalation.decision.rows import Row

# Stands for any value no row names.
OTHER = "(anything else)"


def standing_values(column: Input, rows: Iterable[Row]) -> tuple[Value, ...]:
    """Return values of an input such that every row treats each other value like one of them."""
    named = [c for row in rows if (c := row.conditions.get(column.key)) is not None]
    if column.kind == FLAG:
        return (True, False)
    if column.choices:
        return _legal(column, named)
    mentioned = {value for condition in named for value in condition.values}
    if column.kind == NUMBER:
        return _around(mentioned)
    return (*sorted(str(value) for value in mentioned if value != ""), "", OTHER)


def _legal(column: Input, named: Sequence[Condition]) -> tuple[Value, ...]:
    """Return the legal values; a text may be empty, a number only where a row says so."""
    empty = column.kind != NUMBER or any(condition.holds("") for condition in named)
    values = [choice.value for choice in column.choices]
    return tuple(dict.fromkeys(["", *values] if empty else values))


def combinations(
    values: Mapping[str, Sequence[Value]], limit: int
) -> Iterator[dict[str, Value]] | None:
    """Return every combination of the inputs' values; None where there are more than `limit`."""
    if prod(len(each) for each in values.values()) > limit:
        return None
    keys = list(values)
    return (dict(zip(keys, chosen, strict=True)) for chosen in product(*values.values()))


def mask(condition: Condition | None, values: Sequence[Value]) -> int:
    """Return which of the values a condition holds for, as bits."""
    if condition is None:
        return (1 << len(values)) - 1
    return sum(1 << at for at, value in enumerate(values) if condition.holds(value))


def _around(mentioned: Iterable[Value]) -> tuple[Value, ...]:
    """Return each bound, what lies between two, below the least and above the greatest."""
    bounds = sorted(float(value) for value in mentioned if not isinstance(value, str))
    if not bounds:
        return (0,)
    whole = all(bound.is_integer() for bound in bounds)
    step = 1 if whole else 0.01
    found = {near for bound in bounds for near in (bound - step, bound, bound + step)}
    kept = sorted(value for value in found if value >= 0 or bounds[0] < 0)
    return tuple(int(value) if whole else value for value in kept)
