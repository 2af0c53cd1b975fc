"""Decide, and say why: the row that answers, why others did not, which would come next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from escalation.decision.compiled import Compiled
from escalation.decision.conditions import EMPTY, Value
from escalation.decision.rows import Row
from escalation.decision.words import mismatch

# So many reasons are kept with a decision; a table of thousands would drown the reader.
REASONS = 100


@dataclass(frozen=True, slots=True)
class Rejection:
    """An earlier row and why it did not answer."""

    position: int
    reason: str


class Decision:
    """The first row that fits; why earlier ones did not is worked out for who asks."""

    __slots__ = ("_inputs", "_table", "row")

    def __init__(self, row: Row, table: Compiled, inputs: Mapping[str, Value]) -> None:
        self.row, self._table, self._inputs = row, table, inputs

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        earlier = (row for row in self._table.rows if row.position < self.row.position)
        return _rejections(earlier, self._inputs)


class NoRowFits(Exception):
    """No row of the table answers; `rejected` says why not, row by row."""

    def __init__(
        self, table: Compiled | None = None, inputs: Mapping[str, Value] | None = None
    ) -> None:
        super().__init__("No row of the table fits.")
        self._table, self._inputs = table, inputs or {}

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        return _rejections(self._table.rows, self._inputs) if self._table else ()


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """One condition against one value."""

    key: str
    actual: Value
    holds: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row with every condition ticked or crossed."""

    row: Row
    cells: tuple[CellVerdict, ...]

    @property
    def fits(self) -> bool:
        return all(cell.holds for cell in self.cells)

    @property
    def missed(self) -> int:
        return sum(1 for cell in self.cells if not cell.holds)


def decide(table: Compiled, inputs: Mapping[str, Value]) -> Decision:
    """Return the first row that fits the inputs; raises `NoRowFits` (R64, R66)."""
    try:
        row = table.first(inputs)
    except KeyError:
        # Something the table asks for was not given: it counts as empty.
        row = table.first(table.complete(inputs))
    if row is None:
        raise NoRowFits(table, inputs)
    return Decision(row, table, inputs)


def explain(rows: Iterable[Row], inputs: Mapping[str, Value]) -> list[Verdict]:
    """Return every row with its conditions ticked or crossed."""
    return [_verdict(row, inputs) for row in rows]


def runner_up(verdicts: Sequence[Verdict]) -> Verdict | None:
    """Return who would answer next: the second row that fits, else the nearest miss."""
    fitting = [verdict for verdict in verdicts if verdict.fits]
    if len(fitting) > 1:
        return fitting[1]
    misses = [verdict for verdict in verdicts if not verdict.fits]
    return min(misses, key=lambda verdict: verdict.missed, default=None)


def _verdict(row: Row, inputs: Mapping[str, Value]) -> Verdict:
    cells = (
        CellVerdict(key, actual := inputs.get(key, EMPTY), condition.holds(actual))
        for key, condition in row.conditions.items()
    )
    return Verdict(row, tuple(cells))


def _rejections(rows: Iterable[Row], inputs: Mapping[str, Value]) -> tuple[Rejection, ...]:
    return tuple(Rejection(row.position, _why_not(row, inputs)) for row in islice(rows, REASONS))


def _why_not(row: Row, inputs: Mapping[str, Value]) -> str:
    for key, condition in row.conditions.items():
        actual = inputs.get(key, EMPTY)
        if not condition.holds(actual):
            return mismatch(key, condition, actual)
    return ""
