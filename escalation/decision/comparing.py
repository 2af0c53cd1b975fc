"""Compare two versions of a table, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from escalation.decision.rows import Row

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one row."""

    kind: str
    before: Row | None
    after: Row | None

    @property
    def changed_keys(self) -> frozenset[str]:
        """Return the inputs and outputs that differ."""
        if self.before is None or self.after is None:
            return frozenset()
        old, new = _cells(self.before), _cells(self.after)
        return frozenset(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def compare(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """Return every row of both, in the new order; removed rows stand where they stood."""
    old = {row.key: row for row in before}
    new = {row.key: row for row in after}
    kept = [row.key for row in before if row.key in new]
    settled = _in_order(kept, [row.key for row in after if row.key in old])
    found = [_became(old.get(row.key), row, settled) for row in after]
    for row in before:
        if row.key not in new:
            found.insert(_place(row, before, found), Difference(REMOVED, row, None))
    return found


def _became(before: Row | None, after: Row, settled: set[str]) -> Difference:
    if before is None:
        return Difference(ADDED, None, after)
    if _cells(before) != _cells(after):
        return Difference(CHANGED, before, after)
    return Difference(SAME if after.key in settled else MOVED, before, after)


def _place(row: Row, before: Sequence[Row], found: Sequence[Difference]) -> int:
    """Return where a removed row is told: after its nearest earlier neighbour that is there."""
    at = {d.before.key: n for n, d in enumerate(found) if d.before is not None}
    earlier = [each.key for each in before[: list(before).index(row)] if each.key in at]
    return at[earlier[-1]] + 1 if earlier else 0


def _cells(row: Row) -> dict[str, object]:
    cells: dict[str, object] = {f"in.{key}": value for key, value in row.conditions.items()}
    cells |= {f"out.{key}": value for key, value in row.outputs.items() if value not in (None, "")}
    return cells | ({"note": row.note} if row.note else {})


def _in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the keys that need not move: the longest run in the same order in both."""
    rank = {key: at for at, key in enumerate(before)}
    best: list[tuple[int, int]] = []
    for at, key in enumerate(after):
        longest = max((best[e][0] for e in range(at) if rank[after[e]] < rank[key]), default=0)
        best.append((longest + 1, at))
    settled: set[str] = set()
    length, limit = max((b[0] for b in best), default=0), len(before)
    for at in range(len(after) - 1, -1, -1):
        if length and best[at][0] == length and rank[after[at]] < limit:
            settled.add(after[at])
            length, limit = length - 1, rank[after[at]]
    return settled
