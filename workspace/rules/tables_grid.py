"""The grid of a version: rows as texts, with what is wrong and what one may do (ux C.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from escalation.decision import Input
from escalation.decision.findings import Finding, Report
from escalation.tables.editing import CellError, Reader, TypedRow
from escalation.tables.kinds import Output

# A form takes at most a thousand fields (Django's own limit); longer tables travel as files.
MOST_FIELDS = 960


class Lists(Protocol):
    """What a form hands over: every value of a name, in the order of the page."""

    def getlist(self, key: str) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column's head; `name` is the name of its fields."""

    name: str
    label: str
    help: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A text and what is wrong with it."""

    column: GridColumn
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row as it is shown."""

    position: int
    key: str
    inputs: tuple[GridCell, ...]
    outputs: tuple[GridCell, ...]
    note: str
    findings: tuple[Finding, ...] = ()
    hits: int = 0


@dataclass(slots=True)
class Grid:
    """All of it."""

    inputs: tuple[GridColumn, ...]
    outputs: tuple[GridColumn, ...]
    rows: list[GridRow] = field(default_factory=list)
    more: tuple[GridColumn, ...] = ()
    errors: Sequence[CellError] = ()

    @property
    def columns(self) -> tuple[GridColumn, ...]:
        return (*self.inputs, *self.outputs)

    @property
    def fits_a_form(self) -> bool:
        return len(self.rows) * (len(self.columns) + 2) <= MOST_FIELDS

    @property
    def blank(self) -> GridRow:
        """Return an empty row, the pattern for new ones."""
        inputs = tuple(GridCell(column, "") for column in self.inputs)
        outputs = tuple(GridCell(column, "") for column in self.outputs)
        return GridRow(0, "", inputs, outputs, "")


def grid_of(
    reader: Reader,
    typed: Sequence[TypedRow],
    *,
    report: Report | None = None,
    errors: Sequence[CellError] = (),
    hits: Mapping[str, int] | None = None,
    also: Sequence[str] = (),
) -> Grid:
    """Return the grid of typed rows; `also` names columns shown although no row uses them."""
    used = {key for row in typed for key, text in row.inputs.items() if text} | set(also)
    shown = [c for c in reader.columns.values() if c.usual or c.key in used]
    rest = [c for c in reader.columns.values() if c not in shown]
    inputs = tuple(_input_column(column) for column in shown)
    outputs = tuple(_output_column(output, reader) for output in reader.kind.outputs)
    wrong = {(error.row, error.column): error.sentence for error in errors}
    rows = [
        GridRow(
            position=at,
            key=row.key,
            inputs=_cells(at, inputs, row.inputs, wrong),
            outputs=_cells(at, outputs, row.outputs, wrong),
            note=row.note,
            findings=tuple(report.by_row.get(at, ())) if report else (),
            hits=(hits or {}).get(row.key, 0),
        )
        for at, row in enumerate(typed, start=1)
    ]
    more = tuple(_input_column(column) for column in rest)
    return Grid(inputs, outputs, rows, more, errors)


def read_form(reader: Reader, form: Lists) -> list[TypedRow]:
    """Return the rows of a posted grid: each name's values, in the order of the page."""
    keys, notes = form.getlist("key"), form.getlist("note")
    inputs = {key: form.getlist(f"in.{key}") for key in reader.columns}
    outputs = {output.key: form.getlist(f"out.{output.key}") for output in reader.kind.outputs}
    return [
        TypedRow(
            inputs={key: texts[at] for key, texts in inputs.items() if at < len(texts)},
            outputs={key: texts[at] for key, texts in outputs.items() if at < len(texts)},
            note=notes[at] if at < len(notes) else "",
            key=key,
        )
        for at, key in enumerate(keys)
    ]


def rearranged(rows: Sequence[TypedRow], verb: str) -> list[TypedRow]:
    """Do what a row's button says, such as "up:3"; unknown verbs change nothing."""
    word, _, number = verb.partition(":")
    found = list(rows)
    if word == "add":
        return [*found, TypedRow()]
    at = int(number) - 1 if number.isdecimal() and len(number) < 6 else -1
    if not 0 <= at < len(found):
        return found
    if word == "copy":
        same = found[at]
        found.insert(at + 1, TypedRow(same.inputs, same.outputs, same.note))
    elif word == "delete":
        del found[at]
    elif word in ("up", "down"):
        to = max(0, at - 1) if word == "up" else min(len(found) - 1, at + 1)
        found.insert(to, found.pop(at))
    return found


def _cells(
    row: int,
    columns: Sequence[GridColumn],
    texts: Mapping[str, str],
    wrong: Mapping[tuple[int, str], str],
) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(
            column,
            texts.get(column.name.partition(".")[2], ""),
            wrong.get((row, column.name), ""),
        )
        for column in columns
    )


def _input_column(column: Input) -> GridColumn:
    offers = tuple(choice.label for choice in column.choices)
    if column.kind == "flag":
        offers = ("yes", "no")
    return GridColumn(f"in.{column.key}", column.label, column.help, offers)


def _output_column(output: Output, reader: Reader) -> GridColumn:
    return GridColumn(f"out.{output.key}", output.label, "", reader.offered(output.key))
