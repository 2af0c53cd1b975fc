"""Check a table before it decides: rows that never answer, circles, gaps (R64, ux C.6)."""

from collections.abc import Iterable, Mapping, Sequence

from escalation.decision.climbing import climb, matrix_of
from escalation.decision.compiled import Compiled
from escalation.decision.conditions import Value
from escalation.decision.findings import (
    RECORD,
    SHADOWED,
    UNCOVERED,
    UNKNOWN,
    Finding,
    Ladder,
    Report,
)
from escalation.decision.inputs import Input
from escalation.decision.rows import ALL, FIRST, Row
from escalation.decision.values import combinations, mask, standing_values
from escalation.decision.words import in_words

# So many combinations are tried out, so many rows compared with each other, so many gaps told.
TRIED, COMPARED, TOLD = 40_000, 600, 12


def check(
    rows: Sequence[Row],
    columns: Sequence[Input],
    *,
    ladder: Ladder | None = None,
    problems: Mapping[int, Sequence[str]] | None = None,
    hit_policy: str = FIRST,
) -> Report:
    """Return what is wrong with a table.

    In: rows, all inputs with their legal values, the ladder the table moves things on, and what
    is wrong with the records its rows name, by position.
    """
    findings = [*_unknown(rows, columns), *_records(problems or {})]
    known = {column.key for column in columns}
    rows = [row for row in rows if row.conditions.keys() <= known]
    used = {key for row in rows for key in row.conditions}
    values = {c.key: standing_values(c, rows) for c in columns if c.key in used}
    table, tried = Compiled(rows), combinations(values, TRIED)
    shadowed: list[Finding] = []
    if hit_policy == FIRST:
        shadowed = _shadowed(table, values)
    matrix = None
    if ladder is not None:
        dead = {position for finding in shadowed for position in finding.rows[:1]}
        climbed, circles = climb(table, ladder, values, dead)
        matrix, gaps = matrix_of(table, ladder, values)
        findings = [*circles, *shadowed, *climbed, *gaps, *findings]
    else:
        findings = [*shadowed, *_gaps(table, columns, values), *findings]
    if hit_policy == ALL:
        findings = [finding for finding in findings if finding.code != UNCOVERED]
    return Report(tuple(findings), matrix, tried is not None, _by_row(findings))


def _shadowed(table: Compiled, values: Mapping[str, Sequence[Value]]) -> list[Finding]:
    """Find rows before which another row, or several together, always answer."""
    tried = combinations(values, TRIED)
    if tried is None:
        suspects = table.rows if len(table.rows) <= COMPARED else ()
        covered = _covered_by_one(table.rows, suspects, values)
        return [_finding(row, covered[row]) for row in sorted(covered)]
    alive = {row.position for each in tried if (row := table.first(each)) is not None}
    suspects = tuple(row for row in table.rows if row.position not in alive)
    covered = _covered_by_one(table.rows, suspects, values)
    return [_finding(row.position, covered.get(row.position)) for row in suspects]


def _finding(row: int, by: int | None) -> Finding:
    if by is None:
        return Finding(SHADOWED, f"Row {row} never answers: earlier rows do before it.", (row,))
    return Finding(SHADOWED, f"Row {row} never answers: row {by} does before it.", (row, by))


def _covered_by_one(
    rows: Sequence[Row], suspects: Sequence[Row], values: Mapping[str, Sequence[Value]]
) -> dict[int, int]:
    """Return the suspects that one earlier row covers alone, with that row's position."""
    if not suspects:
        return {}
    masks = {
        row.position: [mask(row.conditions.get(k), v) for k, v in values.items()] for row in rows
    }
    covered: dict[int, int] = {}
    for row in suspects:
        mine = masks[row.position]
        for before in rows:
            if before.position >= row.position:
                break
            theirs = masks[before.position]
            if all(own & ~other == 0 for own, other in zip(mine, theirs, strict=True)):
                covered[row.position] = before.position
                break
    return covered


def _gaps(
    table: Compiled, columns: Sequence[Input], values: Mapping[str, Sequence[Value]]
) -> list[Finding]:
    """Name combinations no row answers for, of tables that move nothing."""
    tried = combinations(values, TRIED)
    labels = {column.key: column for column in columns}
    found: list[Finding] = []
    for each in tried or ():
        if table.first(each) is None:
            words = ", ".join(
                f"{labels[key].label} {labels[key].label_of(value)}" for key, value in each.items()
            )
            found.append(Finding(UNCOVERED, f"No row answers for {words or 'anything'}."))
    if len(found) > TOLD:
        rest = len(found) - TOLD
        found = [*found[:TOLD], Finding(UNCOVERED, f"Nor for {rest} combinations more.")]
    return found


def _unknown(rows: Iterable[Row], columns: Sequence[Input]) -> list[Finding]:
    known = {column.key: column for column in columns}
    legal = {c.key: {"", *(choice.value for choice in c.choices)} for c in columns if c.choices}
    found = []
    for row in rows:
        for key, condition in row.conditions.items():
            column = known.get(key)
            if column is None:
                sentence = f"Row {row.position} asks for {key}, which nothing here knows."
                found.append(Finding(UNKNOWN, sentence, (row.position,)))
            elif key in legal and not legal[key].issuperset(condition.values):
                words = in_words(condition, column.label_of)
                sentence = f"Row {row.position}: {column.label} has no value {words}."
                found.append(Finding(UNKNOWN, sentence, (row.position,)))
    return found


def _records(problems: Mapping[int, Sequence[str]]) -> list[Finding]:
    return [
        Finding(RECORD, f"Row {position}: {sentence}", (position,))
        for position, sentences in sorted(problems.items())
        for sentence in sentences
    ]


def _by_row(findings: Iterable[Finding]) -> dict[int, tuple[Finding, ...]]:
    found: dict[int, tuple[Finding, ...]] = {}
    for finding in findings:
        for position in finding.rows[:1] if finding.code == SHADOWED else finding.rows:
            found[position] = (*found.get(position, ()), finding)
    return found
