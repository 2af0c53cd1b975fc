"""Try a version: on a real incident or typed inputs, and over past decisions."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from escalation.decision import BadCondition, Input, Value, Verdict, explain, runner_up
from escalation.decision.words import in_words, read_value
from escalation.messages import facts_of, find_message
from escalation.models import Subflow, TableVersion
from escalation.placeholders import fill
from escalation.tables.editing import Reader
from escalation.tables.kinds import SUBFLOW, kind_of
from escalation.tables.reading import rows_of
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.rules import tables as shown

SHOWN_ROWS = 100


@dataclass(frozen=True, slots=True)
class TickedCell:
    """A condition beside the value it was held against."""

    label: str
    wanted: str
    actual: str
    holds: bool


@dataclass(frozen=True, slots=True)
class TickedRow:
    """A row with every condition ticked or crossed, and its results in words."""

    position: int
    fits: bool
    cells: tuple[TickedCell, ...]
    results: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a version says to one set of inputs."""

    inputs: tuple[tuple[str, str], ...]
    matched: TickedRow | None
    runner_up: TickedRow | None
    others: tuple[TickedRow, ...]
    message: str = ""
    message_key: str = ""


@page(shown.SEE)
@require_GET
def test(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Let a version answer for a real incident or for typed inputs; nothing is changed."""
    found = shown.version_or_404(table_id, number)
    reader = Reader(kind_of(found.table.kind))
    wanted = request.GET.get("incident", "").strip()
    incident = Incident.objects.filter(number__iexact=wanted).first() if wanted else None
    typed = {key: request.GET.get(f"in.{key}", "") for key in reader.columns}
    inputs, errors = _typed_inputs(reader, typed)
    if wanted and incident is None:
        errors["incident"] = f"There is no incident {wanted}."
    if incident is not None:
        inputs = reader.kind.read(incident, reader.columns)
    asked = bool(request.GET) and not errors
    context = shown.version_page(found, user_of(request), "test")
    context |= {
        "fields": _fields(reader, inputs if incident else None, typed, errors),
        "wanted": wanted,
        "errors": errors,
        "incident": incident,
        "trial": trial_of(found, reader, inputs, incident) if asked else None,
    }
    return render(request, "workspace/rules/tables/test.html", context)


def trial_of(
    version: TableVersion, reader: Reader, inputs: dict[str, Value], incident: Incident | None
) -> Trial:
    """Return what the version says, with the same functions that decide in earnest."""
    verdicts = explain(rows_of(version), inputs)
    matched = next((verdict for verdict in verdicts if verdict.fits), None)
    second = runner_up(verdicts)
    key, text = _message(matched, incident)
    others = [v for v in verdicts if v not in (matched, second)][:SHOWN_ROWS]
    return Trial(
        tuple(
            (column.label, column.label_of(inputs[key]))
            for key, column in reader.columns.items()
            if key in inputs
        ),
        ticked(reader, matched) if matched else None,
        ticked(reader, second) if second and second is not matched else None,
        tuple(ticked(reader, verdict) for verdict in others),
        text,
        key,
    )


def ticked(reader: Reader, verdict: Verdict) -> TickedRow:
    """Return a row's verdict in words."""
    cells = tuple(
        _cell(reader.columns.get(cell.key) or Input(cell.key, cell.key), verdict, cell.key)
        for cell in verdict.cells
    )
    results = tuple(
        (output.label, reader.names[output.key].get(verdict.row.outputs.get(output.key), ""))
        for output in reader.kind.outputs
    )
    return TickedRow(verdict.row.position, verdict.fits, cells, results)


def _cell(column: Input, verdict: Verdict, key: str) -> TickedCell:
    cell = next(each for each in verdict.cells if each.key == key)
    wanted = in_words(verdict.row.conditions[key], column.label_of)
    return TickedCell(column.label, wanted, column.label_of(cell.actual), cell.holds)


def _typed_inputs(reader: Reader, typed: dict[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    inputs: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for key, text in typed.items():
        try:
            inputs[key] = read_value(text, reader.columns[key])
        except BadCondition as error:
            errors[key] = str(error)
    return inputs, errors


def _fields(
    reader: Reader,
    inputs: dict[str, Value] | None,
    typed: dict[str, str],
    errors: dict[str, str],
) -> list[dict[str, Any]]:
    """Return the form's fields; of a real incident they show what it has."""
    return [
        {
            "key": key,
            "label": column.label,
            "help": column.help,
            "offers": ("yes", "no") if column.kind == "flag" else [c.label for c in column.choices],
            "text": _shown(column, inputs.get(key, "")) if inputs else typed[key],
            "error": errors.get(key, ""),
        }
        for key, column in reader.columns.items()
    ]


def _shown(column: Input, value: Value) -> str:
    return "" if value == "" else column.label_of(value)


def _message(verdict: Verdict | None, incident: Incident | None) -> tuple[str, str]:
    """Return the key and text of the message the matched row's subflow would post."""
    named = int(verdict.row.outputs.get(SUBFLOW) or 0) if verdict else 0
    subflow = Subflow.objects.filter(pk=named).first()
    if subflow is None or not subflow.message_key:
        return "", ""
    message = find_message(subflow.message_key, domain_id=incident.domain_id if incident else None)
    if message is None:
        return subflow.message_key, ""
    return subflow.message_key, fill(message.text, facts_of(incident)) if incident else message.text
