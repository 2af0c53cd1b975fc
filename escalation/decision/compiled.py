"""Tables made ready for fast answers: a dictionary per set of exactly matched columns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from operator import itemgetter
from typing import Any

from escalation.decision.conditions import EMPTY, Condition, Value
from escalation.decision.rows import Row

# A row that lists more combinations than this is tested condition by condition instead.
LISTED = 64
Rest = tuple[tuple[str, Condition], ...]
Entry = tuple[int, Row, Rest]


def _nothing(_: Mapping[str, Value]) -> tuple[()]:
    return ()


@dataclass(slots=True)
class _Shape:
    """All rows that match the same columns exactly, found by those columns' values."""

    pick: Any
    buckets: dict[Any, list[Entry]] = field(default_factory=dict)


class Compiled:
    """A table ready to decide; never changed once made."""

    __slots__ = ("_shapes", "inputs", "rows")

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self.inputs = tuple(sorted({key for row in self.rows for key in row.conditions}))
        shapes: dict[tuple[str, ...], _Shape] = {}
        for at, row in enumerate(self.rows):
            _file(shapes, at, row)
        self._shapes = tuple(shapes.values())

    def first(self, inputs: Mapping[str, Value]) -> Row | None:
        """Return the first row that fits. In: a value for each of the table's `inputs`."""
        best, found = len(self.rows), None
        for shape in self._shapes:
            for at, row, rest in shape.buckets.get(shape.pick(inputs), ()):
                if at >= best:
                    break
                if not rest or _all_hold(rest, inputs):
                    best, found = at, row
                    break
        return found

    def every(self, inputs: Mapping[str, Value]) -> list[Row]:
        """Return all rows that fit, in the table's order."""
        hits = [
            (at, row)
            for shape in self._shapes
            for at, row, rest in shape.buckets.get(shape.pick(inputs), ())
            if _all_hold(rest, inputs)
        ]
        return [row for _, row in sorted(hits, key=itemgetter(0))]

    def complete(self, inputs: Mapping[str, Value]) -> dict[str, Value]:
        """Return the inputs with what the table asks for and was not given as empty."""
        return {**dict.fromkeys(self.inputs, EMPTY), **inputs}


def _file(shapes: dict[tuple[str, ...], _Shape], at: int, row: Row) -> None:
    listed = {k: values for k, c in row.conditions.items() if (values := c.exact()) is not None}
    while prod(len(values) for values in listed.values()) > LISTED:
        listed.pop(max(listed, key=lambda key: len(listed[key])))
    keys = tuple(sorted(listed))
    shape = shapes.setdefault(keys, _Shape(itemgetter(*keys) if keys else _nothing))
    rest = tuple((k, c) for k, c in row.conditions.items() if k not in listed)
    for found in _combinations(keys, listed):
        shape.buckets.setdefault(found, []).append((at, row, rest))


def _combinations(
    keys: tuple[str, ...], listed: Mapping[str, tuple[Value, ...]]
) -> Iterator[Value | tuple[Value, ...]]:
    # As itemgetter hands them out: a lone value bare, several as a tuple.
    for values in product(*(dict.fromkeys(listed[key]) for key in keys)):
        yield values[0] if len(keys) == 1 else values


def _all_hold(rest: Rest, inputs: Mapping[str, Value]) -> bool:
    return all(condition.holds(inputs[key]) for key, condition in rest)
