"""Rows of a table as files and back: CSV and XLSX for spreadsheets, JSON for repositories."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from escalation.decision.conditions import BadCondition, condition_from
from escalation.decision.words import in_words
from escalation.models import TableVersion
from escalation.tables.editing import CellError, Reader, TypedRow
from escalation.tables.reading import rows_of
from workspace.sheets import RISKY, safe

FORMAT = "psew.decision-table.v1"
NOTE = "Note"


class BadFile(ValueError):
    """A file that holds no rows of this kind of table, in a sentence."""


def heads(reader: Reader) -> list[tuple[str, str]]:
    """Return the columns of a file: names as in the grid, and labels."""
    return [
        *((f"in.{column.key}", column.label) for column in reader.columns.values()),
        *((f"out.{output.key}", output.label) for output in reader.kind.outputs),
        ("note", NOTE),
    ]


def lines_of(reader: Reader, typed: Sequence[TypedRow]) -> list[list[str]]:
    """Return the rows' texts in the order of `heads`."""
    return [[_text(row, name) for name, _ in heads(reader)] for row in typed]


def csv_text(reader: Reader, typed: Sequence[TypedRow]) -> str:
    """Return a CSV file that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([label for _, label in heads(reader)])
    writer.writerows([safe(text) for text in line] for line in lines_of(reader, typed))
    return "\ufeff" + out.getvalue()


def xlsx_bytes(
    reader: Reader, typed: Sequence[TypedRow], errors: Sequence[CellError] = ()
) -> bytes:
    """Return an XLSX file; cells that cannot be read are marked, with the reason as a comment."""
    file, names = io.BytesIO(), [name for name, _ in heads(reader)]
    wrong = {(error.row, names.index(error.column)): error.sentence for error in errors}
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, marked = book.add_worksheet("Rows"), book.add_format({"bg_color": "#FFC7CE"})
        head = book.add_format({"bold": True})
        for at, (_, label) in enumerate(heads(reader)):
            sheet.write_string(0, at, label, head)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, 24)
        for line, texts in enumerate(lines_of(reader, typed), start=1):
            for at, text in enumerate(texts):
                sentence = wrong.get((line, at))
                sheet.write_string(line, at, safe(text), marked if sentence else None)
                if sentence:
                    sheet.write_comment(line, at, sentence)
    return file.getvalue()


def json_text(version: TableVersion, reader: Reader) -> str:
    """Return JSON for a repository: conditions as they are stored, results by name."""
    rows = [
        {
            "when": {key: condition.as_json() for key, condition in row.conditions.items()},
            "then": {k: reader.names[k].get(row.outputs.get(k), "") for k in reader.names},
            **({"note": row.note} if row.note else {}),
        }
        for row in rows_of(version)
    ]
    whole = {"format": FORMAT, "kind": version.table.kind, "table": version.table.key, "rows": rows}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read_file(reader: Reader, name: str, content: bytes) -> list[TypedRow]:
    """Return the rows of a CSV or JSON file as texts; raises `BadFile`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("The file is no UTF-8 text. Save it as CSV UTF-8 or JSON.") from error
    if name.lower().endswith(".json") or text.lstrip().startswith("{"):
        return _from_json(reader, text)
    return _from_csv(reader, text)


def _from_csv(reader: Reader, text: str) -> list[TypedRow]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadFile(f"The file is no CSV: {error}.") from error
    if not lines:
        raise BadFile("The file is empty.")
    names = _columns(reader, lines[0])
    return [_row(dict(zip(names, line, strict=False))) for line in lines[1:] if any(line)]


def _columns(reader: Reader, head: Sequence[str]) -> list[str]:
    known = {label.casefold(): name for name, label in heads(reader)}
    known |= {name: name for name, _ in heads(reader)}
    unknown = [label for label in head if label.strip().casefold() not in known]
    if unknown:
        labels = ", ".join(label for _, label in heads(reader))
        raise BadFile(f"The table has no column {unknown[0]!r}. Known: {labels}.")
    return [known[label.strip().casefold()] for label in head]


def _from_json(reader: Reader, text: str) -> list[TypedRow]:
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise BadFile(f"The file is no JSON: {error}.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise BadFile(f'The file is no decision table: it lacks "format": "{FORMAT}".')
    if whole.get("kind") != reader.kind.key:
        raise BadFile(f"The file holds rows of {whole.get('kind')!r}, not of {reader.kind.key!r}.")
    rows = whole.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadFile('"rows" must be a list of objects.')
    return [_json_row(reader, row, at) for at, row in enumerate(rows, start=1)]


def _json_row(reader: Reader, row: dict[str, Any], at: int) -> TypedRow:
    when, then = row.get("when", {}), row.get("then", {})
    if not isinstance(when, dict) or not isinstance(then, dict):
        raise BadFile(f'Row {at}: "when" and "then" must be objects.')
    unknown = [*(when.keys() - reader.columns.keys()), *(then.keys() - reader.names.keys())]
    if unknown:
        raise BadFile(f"Row {at} names {unknown[0]!r}, which this kind of table does not know.")
    texts = {f"in.{key}": _condition_text(reader, key, stored) for key, stored in when.items()}
    texts |= {f"out.{key}": str(value) for key, value in then.items()}
    return _row({**texts, "note": str(row.get("note", ""))})


def _condition_text(reader: Reader, key: str, stored: Any) -> str:
    try:
        return in_words(condition_from(stored), reader.columns[key].label_of)
    except BadCondition:
        # Told as the cell's own fault, where the reader of the file looks for it.
        return json.dumps(stored, ensure_ascii=False)


def _row(texts: dict[str, str]) -> TypedRow:
    plain = {name: _unguarded(text) for name, text in texts.items()}
    return TypedRow(
        inputs={n[3:]: text for n, text in plain.items() if n.startswith("in.")},
        outputs={n[4:]: text for n, text in plain.items() if n.startswith("out.")},
        note=plain.get("note", ""),
    )


def _unguarded(text: str) -> str:
    """Take away the quote that `safe` put before what looks like a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def _text(row: TypedRow, name: str) -> str:
    kind, _, key = name.partition(".")
    if kind == "in":
        return row.inputs.get(key, "")
    return row.outputs.get(key, "") if kind == "out" else row.note
