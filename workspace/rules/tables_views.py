"""Decision tables: the list, the grid of a version, and what becomes of a version (ux C.6)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.changes import MovedOn
from core.errors import Refused
from escalation.decision.findings import Report
from escalation.models import DecisionRow, DecisionTable, TableVersion
from escalation.tables.checking import check_rows
from escalation.tables.editing import BadCells, CellError, Reader, TypedRow, replace_rows
from escalation.tables.finding import may_steer, published_of
from escalation.tables.kinds import kind_of, kinds
from escalation.tables.reading import rows_of
from escalation.tables.replaying import hits_of
from escalation.tables.starting import start_rows, start_table
from workspace.access import page, user_of
from workspace.rules import tables as shown
from workspace.rules.tables_grid import grid_of, read_form, rearranged
from workspace.views.dialogs import GET_POST, done


@page(shown.SEE)
@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    lines = shown.table_lines()
    may_start = user_of(request).has_perm(shown.START)
    context = {
        "here": "tables",
        "lines": lines,
        "may_start": may_start,
        "to_start": shown.kinds_to_start(lines) if may_start else [],
    }
    return render(request, "workspace/rules/tables/list.html", context)


@page(shown.START)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin the deciding table of a kind, or the rows of a table that has none."""
    kind, table_id = request.POST.get("kind", ""), request.POST.get("table", "")
    if table_id.isdecimal():
        return _begun(request, shown.table_or_404(int(table_id)))
    if kind not in [each.key for each in kinds()]:
        return done(request, reverse("workspace:rules_tables"), "There is no such kind of table.")
    try:
        draft = start_table(kind=kind, by=user_of(request))
    except Refused as error:
        return done(request, reverse("workspace:rules_tables"), str(error))
    return done(request, shown.version_url(draft), f"{draft} is a draft now.")


def _begun(request: HttpRequest, table: DecisionTable) -> HttpResponse:
    if not may_steer(table):
        raise PermissionDenied(f"{table} holds for other domains as well.")
    try:
        draft = start_rows(table_id=table.pk, by=user_of(request))
    except Refused as error:
        return done(request, reverse("workspace:rules_tables"), str(error))
    return done(request, shown.version_url(draft), f"{draft} is a draft now.")


@page(shown.SEE)
@require_GET
def newest(request: HttpRequest, table_id: int) -> HttpResponse:
    """Go to the version that decides, else to the newest."""
    table = shown.table_or_404(table_id)
    version = published_of(table) or table.versions.order_by("-number").first()
    response = HttpResponse(status=303)
    response.headers["Location"] = shown.version_url(version)
    return response


@page(shown.SEE)
@GET_POST
def version(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Show a version; with POST, write what was typed or do what a row's button says."""
    found = shown.version_or_404(table_id, number)
    reader = Reader(kind_of(found.table.kind))
    if request.method == "POST":
        return _posted(request, found, reader)
    return _grid(request, found, reader, reader.typed(rows_of(found)))


@page(shown.SEE)
@require_POST
def check(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Return the checks of what is typed now, without writing anything."""
    found = shown.version_or_404(table_id, number)
    reader = Reader(kind_of(found.table.kind))
    rows, errors = reader.read(read_form(reader, request.POST))
    context = {"report": _report(reader, rows, errors), "errors": errors}
    return render(request, "workspace/rules/tables/_checks.html", context)


def _posted(request: HttpRequest, found: TableVersion, reader: Reader) -> HttpResponse:
    may = shown.may(user_of(request), found.table)
    if not may.write:
        raise PermissionDenied(f"This needs the permission {shown.WRITE}.")
    typed, verb = read_form(reader, request.POST), request.POST.get("do", "")
    if verb:
        after = rearranged(typed, verb)
        return _grid(request, found, reader, after, {"unsaved": True})
    _check_rows_kept(may, found, typed)
    try:
        saved = replace_rows(
            version_id=found.pk,
            seen_revision=_revision(request),
            typed=typed,
            by=user_of(request),
        )
    except BadCells as error:
        return _grid(request, found, reader, typed, {"errors": error.errors}, status=422)
    except (MovedOn, Refused) as error:
        return _grid(request, found, reader, typed, {"refused": str(error)}, status=409)
    return done(request, shown.version_url(saved), f"{saved} is saved; it decides once published.")


def _check_rows_kept(may: shown.May, found: TableVersion, typed: list[TypedRow]) -> None:
    """Hold people who may only change results to the rows that are there."""
    there = {str(uid) for uid in found.rows.values_list("uid", flat=True)}
    keys = [row.key for row in typed]
    if not may.add and (set(keys) - there or len(keys) != len(set(keys))):
        raise PermissionDenied(f"Adding rows needs the permission {shown.ADD_ROWS}.")
    if not may.drop and there - set(keys):
        raise PermissionDenied(f"Deleting rows needs the permission {shown.DROP_ROWS}.")


def _grid(
    request: HttpRequest,
    found: TableVersion,
    reader: Reader,
    typed: list[TypedRow],
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = shown.version_page(found, user_of(request), "rows")
    context |= {"unsaved": False, "errors": [], "refused": "", **(more or {})}
    errors: list[CellError] = context["errors"]
    rows, wrong = reader.read(typed)
    report = _report(reader, rows, wrong)
    grid = grid_of(
        reader,
        typed,
        report=report,
        errors=errors or wrong,
        hits=hits_of(found.table, timezone.now()),
        also=request.GET.getlist("column"),
    )
    context |= {
        "grid": grid,
        "report": report,
        "revision": _revision(request) if request.method == "POST" else found.revision,
        "editable": found.is_draft and context["may"].write and grid.fits_a_form,
        "now": timezone.now(),
    }
    return render(request, "workspace/rules/tables/version.html", context, status=status)


def _report(reader: Reader, rows: list[DecisionRow], errors: list[CellError]) -> Report:
    """Check the rows that could be read; half a row would be found guilty of what it is not."""
    unread = {error.row for error in errors}
    return check_rows(reader.kind, [r.as_row() for r in rows if r.position not in unread])


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
