"""Write the rows of a draft from what somebody typed, in a grid or a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from core.changes import MovedOn
from core.models import AssignmentGroup, User
from escalation.decision import BadCondition, Input, Row
from escalation.decision.words import in_words, read_cell
from escalation.models import DecisionRow, Subflow, TableVersion
from escalation.tables.kinds import GROUP, SUBFLOW, Output, TableKind, kind_of
from incidents.errors import Refused

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as texts: inputs and outputs by key; `key` names the row it was before."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell; `column` is "in.stage", "out.group" or "note"."""

    row: int
    column: str
    label: str
    text: str
    sentence: str


class BadCells(Exception):
    """Cells that cannot be read; nothing was written."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__(f"{len(errors)} cells cannot be read.")
        self.errors = list(errors)


class Reader:
    """Reads typed rows of one kind; asks the database once for what results may name."""

    def __init__(self, kind: TableKind) -> None:
        self.kind = kind
        self.columns: dict[str, Input] = {column.key: column for column in kind.columns()}
        self.names = words_of_results(kind)
        self.results = {output.key: self._legal(output) for output in kind.outputs}

    def offered(self, output: str) -> tuple[str, ...]:
        """Return how the values of an output are called."""
        return tuple(sorted(self.names[output].values()))

    def read(self, typed: Sequence[TypedRow]) -> tuple[list[DecisionRow], list[CellError]]:
        """Return unsaved rows and what could not be read, cell by cell."""
        errors: list[CellError] = []
        seen: set[str] = set()
        rows = []
        for position, each in enumerate(typed, start=1):
            fresh = each.key in seen or not _is_key(each.key)
            uid = uuid4() if fresh else UUID(each.key)
            seen.add(each.key)
            rows.append(self._row(position, each, uid, errors))
        return rows, errors

    def _row(
        self, position: int, typed: TypedRow, uid: UUID, errors: list[CellError]
    ) -> DecisionRow:
        row = DecisionRow(position=position, uid=uid, note=typed.note.strip()[:200])
        for key, text in typed.inputs.items():
            column = self.columns[key]
            try:
                condition = read_cell(text, column)
            except BadCondition as error:
                label = column.label
                errors.append(CellError(position, f"in.{key}", label, text, str(error)))
                continue
            if condition is not None:
                row.conditions[key] = condition.as_json()
        for output in self.kind.outputs:
            self._result(row, output, typed.outputs.get(output.key, ""), errors)
        return row

    def _result(self, row: DecisionRow, output: Output, text: str, errors: list[CellError]) -> None:
        wanted = " ".join(text.split()).casefold()
        if not wanted:
            return
        value = self.results[output.key].get(wanted)
        if value is None:
            sentence = f"There is no {output.label.lower()} {text.strip()!r}."
            column = f"out.{output.key}"
            errors.append(CellError(row.position, column, output.label, text, sentence))
        elif output.type in (GROUP, SUBFLOW):
            setattr(row, f"{output.type}_id", value)
        else:
            row.outputs[output.key] = value

    def typed(self, rows: Sequence[Row]) -> list[TypedRow]:
        """Return rows as the texts somebody would type; the way back of `read`."""
        words = self.names
        return [
            TypedRow(
                inputs={
                    key: in_words(condition, self.columns[key].label_of)
                    for key, condition in row.conditions.items()
                    if key in self.columns
                },
                outputs={
                    output.key: words[output.key].get(row.outputs.get(output.key), "")
                    for output in self.kind.outputs
                },
                note=row.note,
                key=row.key,
            )
            for row in rows
        ]

    def _legal(self, output: Output) -> dict[str, Any]:
        """Return the values an output may take, by every text that names one."""
        names = self.names[output.key]
        found = {name.casefold(): value for value, name in names.items()}
        if output.type == SUBFLOW:
            keys = Subflow.objects.values_list("key", "pk")
            return {**{key.casefold(): pk for key, pk in keys}, **found}
        if output.type == GROUP:
            return found
        return {**{str(value).casefold(): value for value in names}, **found}


@transaction.atomic
def replace_rows(
    *, version_id: int, seen_revision: int, typed: Sequence[TypedRow], by: User
) -> TableVersion:
    """Replace a draft's rows by what was typed.

    Errors: `BadCells` where a cell cannot be read, `MovedOn` where somebody saved meanwhile,
    `Refused` for anything but a draft.
    """
    version = TableVersion.objects.select_related("table").get(pk=version_id)
    locked = TableVersion.objects.select_for_update().get(pk=version_id)
    if not locked.is_draft:
        raise Refused(f"{version} is {version.get_state_display()}: copy it first.")
    if locked.revision != seen_revision:
        raise MovedOn("Somebody saved this draft meanwhile. Nothing was changed.")
    if len(typed) > MOST_ROWS:
        raise Refused(f"A table has at most {MOST_ROWS} rows.")
    rows, errors = Reader(kind_of(version.table.kind)).read(typed)
    if errors:
        raise BadCells(errors)
    version.rows.all()._raw_delete(version.rows.db)
    for row in rows:
        row.version = version
    DecisionRow.objects.bulk_create(rows, batch_size=1000)
    version.revision += 1
    if version.created_by_id is None:
        version.created_by = by
    version.save(update_fields=["revision", "created_by"])
    return version


def words_of_results(kind: TableKind) -> dict[str, dict[Any, str]]:
    """Return by output how each value is called, now."""
    return {output.key: _names(output) for output in kind.outputs}


def _names(output: Output) -> dict[Any, str]:
    if output.type == GROUP:
        return dict(AssignmentGroup.objects.values_list("pk", "name"))
    if output.type == SUBFLOW:
        return dict(Subflow.objects.values_list("pk", "name"))
    return {choice.value: choice.label for choice in output.choices()}


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
