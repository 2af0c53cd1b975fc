"""Lists as CSV and XLSX, streamed, and safe to open in a spreadsheet (ux C.1)."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

import xlsxwriter

from core.scope import current_scope, use_scope
from workspace.lists.definition import Column, ListPage, Row, Rows
from workspace.lists.paging import count_in
from workspace.sheets import safe
from workspace.templatetags.ui import PRIORITIES

CHUNK = 500
MOST_SHEET_ROWS = 1_048_575


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(page: ListPage, rows: Rows, columns: tuple[Column, ...]) -> Iterator[str]:
    """Return the lines of a CSV file: a mark for spreadsheets, the header, the rows."""
    found = _each(page, rows, columns)
    return _lines(found, columns)


def _lines(rows: Iterator[Row], columns: tuple[Column, ...]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([column.label for column in columns])
    for row in rows:
        yield writer.writerow([safe(text_of(column, row)) for column in columns])


def xlsx_file(page: ListPage, rows: Rows, columns: tuple[Column, ...]) -> IO[bytes]:
    """Return an open XLSX file; it is written row by row to disk, never held in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(page.title)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.label)
        for line, row in enumerate(islice(_each(page, rows, columns), MOST_SHEET_ROWS), start=1):
            for place, column in enumerate(columns):
                sheet.write_string(line, place, safe(text_of(column, row)))
    file.seek(0)
    return file


def _each(page: ListPage, rows: Rows, columns: tuple[Column, ...]) -> Iterator[Row]:
    """Return the rows, counted where a column counts; the scope is the one of the request.

    The body of a response is written after the middleware has closed the request's scope.
    """
    return _chunks(page, rows, any(c.counted for c in columns), current_scope())


def _chunks(page: ListPage, rows: Rows, counting: bool, scope: Any) -> Iterator[Row]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        if counting:
            with use_scope(scope):
                count_in(page, chunk)
        yield from chunk


def text_of(column: Column, row: Row) -> str:
    """Return a cell as text."""
    if column.kind == "accounts":
        waiting = row.get("uninformed", 0)
        return f"{row.get('accounts', 0)}" + (f" ({waiting} not informed)" if waiting else "")
    value = row.get(column.key, 0) if column.kind == "count" else row[column.fields[0]]
    if value is None:
        return ""
    if column.kind == "priority":
        return f"{value} - {PRIORITIES[value][0]}" if value in PRIORITIES else str(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return column.labels.get(value, str(value))
