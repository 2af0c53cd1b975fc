"""Walk every place up its ladder, as production would, and see which rows are met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from escalation.decision.compiled import Compiled
from escalation.decision.conditions import Value
from escalation.decision.findings import (
    CYCLE,
    PARTLY,
    UNCOVERED,
    UNREACHABLE,
    Cell,
    Finding,
    Ladder,
    Level,
    Matrix,
    Place,
)
from escalation.decision.rows import Row
from escalation.decision.values import combinations

# So many combinations of the other inputs are tried per place.
TRIED = 4_000
Values = Mapping[str, Sequence[Value]]


@dataclass(slots=True)
class _Climb:
    """What all walks met."""

    met: set[int] = field(default_factory=set)
    circles: dict[tuple[str, frozenset[Value]], Finding] = field(default_factory=dict)


def climb(
    table: Compiled, ladder: Ladder, values: Values, dead: set[int]
) -> tuple[list[Finding], list[Finding]]:
    """Return rows no walk meets, and circles. In: `dead`, rows that never answer anyway."""
    climb = _Climb()
    for place in ladder.places:
        for others in _others(ladder, place, values):
            _walk(table, ladder, place, others, climb)
    unmet = [
        Finding(
            UNREACHABLE,
            f"Row {row.position} is never reached: nothing leads to where it would answer.",
            (row.position,),
        )
        for row in table.rows
        if row.position not in climb.met and row.position not in dead
    ]
    return unmet, list(climb.circles.values())


def _walk(
    table: Compiled, ladder: Ladder, place: Place, others: Mapping[str, Value], climb: _Climb
) -> None:
    level: Value = ladder.levels[0].value
    path: list[tuple[Value, int]] = []
    while level not in [where for where, _ in path]:
        row = table.first(table.complete({**others, **place.inputs, ladder.input: level}))
        if row is None:
            if path or not place.start:
                return
            path.append((level, 0))
            level = place.start
            continue
        climb.met.add(row.position)
        path.append((level, row.position))
        led = ladder.leads_to.get(row.outputs.get(ladder.output))
        if not led:
            return
        level = led
    _note_circle(ladder, place, path, level, climb)


def _note_circle(
    ladder: Ladder, place: Place, path: list[tuple[Value, int]], back: Value, climb: _Climb
) -> None:
    at = [where for where, _ in path].index(back)
    circle = path[at:]
    names = " → ".join(ladder.label(where) for where, _ in [*circle, circle[0]])
    rows = tuple(row for _, row in circle if row)
    told = " and ".join(str(row) for row in rows)
    sentence = f"{place.label} goes in circles: {names} (row{'s' * (len(rows) > 1)} {told})."
    key = (place.label, frozenset(where for where, _ in circle))
    climb.circles.setdefault(key, Finding(CYCLE, sentence, rows))


def matrix_of(table: Compiled, ladder: Ladder, values: Values) -> tuple[Matrix, list[Finding]]:
    """Return which rows answer for which place and level, and the gaps."""
    wanted = tuple(level for level in ladder.levels if level.wanted)
    lines, gaps = [], []
    for place in ladder.places:
        cells = tuple(_cell(table, ladder, place, level, values) for level in wanted)
        lines.append((place.label, cells))
        gaps += [
            gap
            for level, cell in zip(wanted, cells, strict=True)
            if (gap := _gap(place, level, cell)) is not None
        ]
    return Matrix(tuple(level.label for level in wanted), tuple(lines)), gaps


def _cell(table: Compiled, ladder: Ladder, place: Place, level: Level, values: Values) -> Cell:
    answers: list[Row | None] = [
        table.first(table.complete({**others, **place.inputs, ladder.input: level.value}))
        for others in _others(ladder, place, values)
    ]
    rows = sorted({row.position for row in answers if row is not None})
    harmless = level.value == ladder.levels[0].value and bool(place.start)
    return Cell(tuple(rows), None not in answers, harmless)


def _gap(place: Place, level: Level, cell: Cell) -> Finding | None:
    if cell.rows and cell.whole:
        return None
    if cell.rows:
        sentence = f"{place.label} in {level.label}: rows answer only for some cases."
        return Finding(PARTLY, sentence, cell.rows, cell.harmless)
    sentence = f"{place.label} in {level.label}: no row answers."
    if cell.harmless:
        sentence += " The initial subflow starts it."
    return Finding(UNCOVERED, sentence, (), cell.harmless)


def _others(ladder: Ladder, place: Place, values: Values) -> Iterator[dict[str, Value]]:
    free = {
        key: each for key, each in values.items() if key not in place.inputs and key != ladder.input
    }
    found = combinations(free, TRIED)
    if found is None:
        # Too many: one ordinary case is better than none.
        return iter([{key: each[-1] for key, each in free.items()}])
    return found
