"""Take a version's rows out as a file, and bring a file's rows into a draft."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.changes import MovedOn
from core.errors import Refused
from escalation.models import TableVersion
from escalation.tables.editing import BadCells, CellError, Reader, TypedRow, replace_rows
from escalation.tables.kinds import kind_of
from escalation.tables.reading import rows_of
from workspace.access import page, user_of
from workspace.rules import tables as shown
from workspace.rules.table_sheets import (
    BadFile,
    csv_text,
    json_text,
    lines_of,
    read_file,
    xlsx_bytes,
)
from workspace.rules.tables_access import steering
from workspace.rules.tables_forms import ImportForm
from workspace.views.dialogs import GET_POST, done
from workspace.views.list_export import XLSX

MOST_BYTES = 5_000_000
SHOWN_ERRORS = 200


@page(shown.SEE)
@require_GET
def take_out(request: HttpRequest, table_id: int, number: int, kind: str) -> HttpResponse:
    """Send the rows as `csv`, `xlsx` or `json`."""
    found = shown.version_or_404(table_id, number)
    reader = Reader(kind_of(found.table.kind))
    if kind == "json":
        body: str | bytes = json_text(found, reader)
        content_type = "application/json"
    else:
        typed = reader.typed(rows_of(found))
        body = csv_text(reader, typed) if kind == "csv" else xlsx_bytes(reader, typed)
        content_type = "text/csv; charset=utf-8" if kind == "csv" else XLSX
    return _file(body, content_type, f"{found.table.key}-v{found.number}.{kind}")


@page(shown.ADD_ROWS)
@GET_POST
def bring_in(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Replace a draft's rows by a file's, all or none; else say what is wrong cell by cell."""
    found = steering(table_id, number)
    if not user_of(request).has_perm(shown.DROP_ROWS):
        raise PermissionDenied(f"This needs the permission {shown.DROP_ROWS}.")
    form = ImportForm(request.POST or None, request.FILES or None)
    reader = Reader(kind_of(found.table.kind))
    errors: list[CellError] = []
    if request.method == "POST" and form.is_valid():
        try:
            typed = _kept(found, reader, _read(reader, form))
            return _written(request, found, typed)
        except (BadFile, Refused, MovedOn) as error:
            form.add_error("file", str(error))
        except BadCells as error:
            errors = error.errors
            if request.POST.get("answer") == "sheet":
                sheet = xlsx_bytes(reader, typed, errors)
                return _file(sheet, XLSX, f"{found.table.key}-errors.xlsx")
    context = shown.version_page(found, user_of(request), "rows")
    context |= {"form": form, "errors": errors[:SHOWN_ERRORS], "more": len(errors) - SHOWN_ERRORS}
    status = 422 if form.is_bound else 200
    return render(request, "workspace/rules/tables/import.html", context, status=status)


def _read(reader: Reader, form: ImportForm) -> list[TypedRow]:
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        raise BadFile("The file is larger than 5 MB.")
    return read_file(reader, file.name, file.read())


def _kept(found: TableVersion, reader: Reader, typed: list[TypedRow]) -> list[TypedRow]:
    """Let rows that are there already keep their identity, so that versions stay comparable."""
    before = reader.typed(rows_of(found))
    lines = [tuple(line) for line in lines_of(reader, before)]
    keys: dict[tuple[str, ...], list[str]] = {}
    for row, line in zip(before, lines, strict=True):
        keys.setdefault(line, []).append(row.key)
    kept = [
        keys[line].pop(0) if keys.get(line) else ""
        for line in (tuple(line) for line in lines_of(reader, typed))
    ]
    free = {row.key for row in before} - set(kept)
    for at, key in enumerate(kept):
        if not key and at < len(before) and before[at].key in free:
            kept[at] = before[at].key
    return [
        TypedRow(row.inputs, row.outputs, row.note, key)
        for row, key in zip(typed, kept, strict=True)
    ]


def _written(request: HttpRequest, found: TableVersion, typed: list[TypedRow]) -> HttpResponse:
    revision = found.revision
    replace_rows(version_id=found.pk, seen_revision=revision, typed=typed, by=user_of(request))
    return done(request, shown.version_url(found), f"{len(typed)} rows are brought in.")


def _file(body: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
