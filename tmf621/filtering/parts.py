"""What a filter asks for, once it is read: the same thing however the client spelled it.

A part holds when some element at its base meets its condition; the paths within the condition
start at that element. Paths lead through lists: `relatedParty.id` is the id of any party.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tmf621.filtering.values import Value, readings, told_apart

Path = tuple[str, ...]
NAME = re.compile(r"@?[A-Za-z][A-Za-z0-9_@-]{0,62}")


class Operator(StrEnum):
    """How a value is compared; written like jsonpath writes it."""

    EQ = "=="
    NE = "!="
    GT = ">"
    GTE = ">="
    LT = "<"
    LTE = "<="
    REGEX = "=~"


@dataclass(frozen=True, slots=True)
class Compare:
    """What is at the path compares so with one of the values."""

    path: Path
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """There is something at the path."""

    path: Path


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds, for the same element."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of the conditions holds."""

    conditions: tuple["Condition", ...]


Condition = Compare | Exists | All | Any
Leaf = Compare | Exists


@dataclass(frozen=True, slots=True)
class Part:
    """Some element at `base` meets `condition`."""

    base: Path
    condition: Condition

    def paths(self) -> tuple[Path, ...]:
        """Return every path it asks about, from the root of the document, sorted."""
        return tuple(sorted({self.base + leaf.path for leaf in leaves(self.condition)}))

    def equality(self) -> tuple[Path, tuple[str, ...]] | None:
        """Return path and texts when it only says that the path holds one of these texts.

        A number counts when it stands beside its text, as it does for query values.
        """
        asked = self.condition
        if not isinstance(asked, Compare) or asked.operator is not Operator.EQ:
            return None
        texts = tuple(value for value in asked.values if isinstance(value, str))
        spelled = told_apart([reading for text in texts for reading in readings(text)])
        if set(told_apart(asked.values)) <= set(spelled):
            return self.base + asked.path, texts
        return None

    def with_paths(self, mapping: Mapping[Path, Path]) -> "Part":
        """Return the part about other paths: the longest prefix in the mapping is replaced."""
        moved = {leaf: move(self.base + leaf.path, mapping) for leaf in leaves(self.condition)}
        base = _shared(move(self.base, mapping), moved.values())
        return Part(
            base,
            _changed(self.condition, lambda leaf: replace(leaf, path=moved[leaf][len(base) :])),
        )

    def with_values(self, change: Callable[[Path, str], Iterable[str]]) -> "Part":
        """Return the part with the texts it compares for equality replaced by `change`'s.

        `change(path, text)` may return several texts or none; what it raises goes through. A
        number that stood beside its text follows it.
        """

        def changed(leaf: Leaf) -> Leaf:
            if isinstance(leaf, Exists) or leaf.operator not in (Operator.EQ, Operator.NE):
                return leaf
            texts = [value for value in leaf.values if isinstance(value, str)]
            spelled = told_apart([value for text in texts for value in readings(text)])
            values: list[Value] = []
            for value in leaf.values:
                if isinstance(value, str):
                    new = change(self.base + leaf.path, value)
                    values += [v for text in new for v in _read_like(value, text, leaf.values)]
                elif (type(value), value) not in spelled:
                    values.append(value)
            return replace(leaf, values=distinct(values))

        return Part(self.base, _changed(self.condition, changed))


@dataclass(frozen=True, slots=True)
class Filter:
    """All parts hold; without parts, every document fits."""

    parts: tuple[Part, ...] = ()


def dotted(path: Path) -> str:
    """Return a path as clients write it."""
    return ".".join(path)


def leaves(condition: Condition) -> list[Leaf]:
    """Return the comparisons and existence tests of a condition, in order."""
    if isinstance(condition, All | Any):
        return [leaf for inner in condition.conditions for leaf in leaves(inner)]
    return [condition]


def move(path: Path, mapping: Mapping[Path, Path]) -> Path:
    """Return the path with its longest prefix that the mapping knows replaced."""
    for length in range(len(path), 0, -1):
        if path[:length] in mapping:
            return mapping[path[:length]] + path[length:]
    return path


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the conjunction, flattened."""
    flat: list[Condition] = []
    for condition in conditions:
        flat += condition.conditions if isinstance(condition, All) else [condition]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the disjunction, flattened; alternatives about one path become one comparison."""
    flat: list[Condition] = []
    for condition in conditions:
        flat += condition.conditions if isinstance(condition, Any) else [condition]
    merged: dict[object, Condition] = {}
    for condition in flat:
        key: object = condition
        if isinstance(condition, Compare):
            key = condition.path, condition.operator
            if isinstance(earlier := merged.get(key), Compare):
                condition = replace(earlier, values=distinct([*earlier.values, *condition.values]))
        merged[key] = condition
    found = tuple(merged.values())
    return found[0] if len(found) == 1 else Any(found)


def distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the values without repetitions; true and 1 are two values."""
    return tuple(value for _, value in dict.fromkeys(told_apart(values)))


def _read_like(old: str, new: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the readings of a new text if all those of the old one are among the values."""
    beside = told_apart(readings(old))
    lenient = len(beside) > 1 and set(beside) <= set(told_apart(values))
    return readings(new) if lenient else (new,)


def _changed(condition: Condition, change: Callable[[Leaf], Leaf]) -> Condition:
    if isinstance(condition, All):
        return all_of([_changed(inner, change) for inner in condition.conditions])
    if isinstance(condition, Any):
        return any_of([_changed(inner, change) for inner in condition.conditions])
    return change(condition)


def _shared(base: Path, paths: Iterable[Path]) -> Path:
    """Return the longest start of the base that all paths have."""
    for path in paths:
        while path[: len(base)] != base:
            base = base[:-1]
    return base
