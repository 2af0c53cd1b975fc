"""What a check of a table reports, in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from escalation.decision.conditions import Value

SHADOWED, UNREACHABLE, CYCLE, UNCOVERED = "shadowed", "unreachable", "cycle", "uncovered"
PARTLY, UNKNOWN, RECORD = "partly", "unknown", "record"

TITLES = {
    CYCLE: "Goes in circles",
    SHADOWED: "Never answers",
    UNREACHABLE: "Is never reached",
    UNCOVERED: "No row answers",
    PARTLY: "Rows answer only partly",
    UNKNOWN: "Unknown value",
    RECORD: "Result does not work",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; a harmless one has a way out."""

    code: str
    sentence: str
    rows: tuple[int, ...] = ()
    harmless: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.code]


@dataclass(frozen=True, slots=True)
class Cell:
    """One place and level of the matrix: the rows that answer, whether for all cases."""

    rows: tuple[int, ...]
    whole: bool
    harmless: bool = False

    @property
    def state(self) -> str:
        if not self.rows:
            return "harmless" if self.harmless else UNCOVERED
        return "covered" if self.whole else PARTLY


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where rows answer: a line per place, a column per level."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check found."""

    findings: tuple[Finding, ...] = ()
    matrix: Matrix | None = None
    # False where there are too many combinations to try them all.
    complete: bool = True
    by_row: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)

    def of(self, code: str) -> list[Finding]:
        """Return the findings of one kind."""
        return [finding for finding in self.findings if finding.code == code]

    def groups(self) -> list[tuple[str, list[Finding]]]:
        """Return the kinds that were found, in order, with their findings."""
        return [(TITLES[code], found) for code in TITLES if (found := self.of(code))]

    @property
    def serious(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.harmless]


@dataclass(frozen=True, slots=True)
class Place:
    """Something that climbs a ladder, such as a sub category, and where it starts by itself."""

    label: str
    inputs: Mapping[str, Value]
    start: Value = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A rung; `wanted` where a row should answer."""

    value: Value
    label: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a table moves: the input that says where one is, and where each result leads."""

    input: str
    output: str
    levels: tuple[Level, ...]
    places: tuple[Place, ...]
    leads_to: Mapping[object, Value]

    def label(self, value: Value) -> str:
        """Return a level's name."""
        return next((each.label for each in self.levels if each.value == value), str(value))
