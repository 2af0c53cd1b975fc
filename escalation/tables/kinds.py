"""Kinds of decision tables and the closed registry of what each may ask and answer (R63)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from escalation.decision import FIRST, Choice, Input, Row, Value
from escalation.decision.findings import Ladder

GROUP, SUBFLOW, CHOICE = "group", "subflow", "choice"
Choices = Callable[[], Sequence[Choice]]


def no_choices() -> Sequence[Choice]:
    """Offer nothing: any value goes."""
    return ()


@dataclass(frozen=True, slots=True)
class Output:
    """A column on the right; groups and subflows are records, a choice is one of its values."""

    key: str
    label: str
    type: str
    choices: Choices = no_choices


@dataclass(frozen=True, slots=True)
class KnownInput:
    """An input with how it is read from the record that is decided about."""

    key: str
    label: str
    read: Callable[[Any], Any]
    kind: str = "text"
    choices: Choices = no_choices
    usual: bool = True
    help: str = ""

    def column(self) -> Input:
        """Return it as a pure column, with the values that are legal now."""
        choices = tuple(self.choices())
        return Input(self.key, self.label, self.kind, choices, self.usual, self.help)


@dataclass(slots=True)
class TableKind:
    """What tables of one kind decide; rows are data, this is code."""

    key: str
    label: str
    help: str
    outputs: tuple[Output, ...]
    # Which runs such tables decide, and a run's results in words, for replays.
    run_kind: str
    outcome: Callable[[Any], dict[str, str]]
    # True where runs count that no table decided, because something else did.
    decides_unrecorded: bool = False
    # What a record looks like when it is new, for replays of what was never recorded.
    as_new: Mapping[str, Value] | None = None
    hit_policy: str = FIRST
    # What the table moves things up, for the check; None where it moves nothing.
    ladder: Callable[[Sequence[Row]], Ladder] | None = None
    # Rows a new table begins with.
    starter: Callable[[], list[dict[str, Any]]] = list
    inputs: dict[str, KnownInput] = field(default_factory=dict)

    def columns(self) -> tuple[Input, ...]:
        """Return all inputs with the values that are legal now."""
        return tuple(known.column() for known in self.inputs.values())

    def read(self, record: Any, also: Iterable[str] = ()) -> dict[str, Value]:
        """Return the record's usual inputs and those a table asks for besides (R58)."""
        wanted = set(also)
        return {
            key: plain(known.read(record))
            for key, known in self.inputs.items()
            if known.usual or key in wanted
        }


_kinds: dict[str, TableKind] = {}


def register_kind(kind: TableKind) -> TableKind:
    """Let admins make tables of this kind."""
    _kinds[kind.key] = kind
    return kind


def register_input(kind: str, known: KnownInput) -> None:
    """Let tables of a kind ask for one thing more; upper apps add theirs."""
    _kinds[kind].inputs[known.key] = known


def kind_of(key: str) -> TableKind:
    """Return a registered kind; KeyError where the code no longer knows it."""
    return _kinds[key]


def kinds() -> list[TableKind]:
    """Return all registered kinds."""
    return list(_kinds.values())


def plain(value: Any) -> Value:
    """Return a value as conditions compare it: nothing as "", decimals as numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, Decimal | float) else str(value)
