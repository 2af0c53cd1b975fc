"""Decide which row of a table answers; plain values in, plain values out, no database.

The same `decide` serves production, previews and tests, so a preview cannot lie (design §4).
"""

from collections.abc import Iterable
from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision looks at."""

    category: str
    subcategory: str
    stage: str
    priority: int


@dataclass(frozen=True, slots=True)
class Row:
    """Conditions on the left, one result on the right; see R63."""

    position: int
    category: str
    subcategory: str
    stage: str
    group: int
    subflow: int
    priorities: frozenset[int] = frozenset()

    def fits(self, facts: Facts) -> bool:
        """Tell whether every condition holds."""
        return self.why_not(facts) is None

    def why_not(self, facts: Facts) -> str | None:
        """Return the first condition that does not hold, in words; None where all hold."""
        for name in ("category", "subcategory", "stage"):
            wanted, actual = getattr(self, name), getattr(facts, name)
            if wanted not in (ANY, actual):
                return f"{name} is {actual or '(none)'}, not {wanted or '(none)'}"
        if self.priorities and facts.priority not in self.priorities:
            wanted_text = ", ".join(str(p) for p in sorted(self.priorities))
            return f"priority is {facts.priority}, not {wanted_text}"
        return None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An earlier row and why it did not answer."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The first row that fits, and why each earlier one did not."""

    row: Row
    rejected: tuple[Rejection, ...]


class NoRowFits(Exception):
    """No row of the table answers; `rejected` says why not, row by row."""

    def __init__(self, rejected: tuple[Rejection, ...]) -> None:
        super().__init__("No row of the table fits.")
        self.rejected = rejected


def decide(rows: Iterable[Row], facts: Facts) -> Decision:
    """Return the first row that fits the facts; raises `NoRowFits` (R64, R66)."""
    rejected: list[Rejection] = []
    for row in rows:
        reason = row.why_not(facts)
        if reason is None:
            return Decision(row, tuple(rejected))
        rejected.append(Rejection(row.position, reason))
    raise NoRowFits(tuple(rejected))


def priorities_from(text: str) -> frozenset[int]:
    """Read "1,2" as priorities; empty means any. Raises ValueError for anything else."""
    wanted = frozenset(int(part) for part in text.split(",") if part.strip())
    if not wanted <= {1, 2, 3, 4, 5}:
        raise ValueError("Priorities go from 1 to 5, such as 1,2.")
    return wanted
