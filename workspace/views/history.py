"""The History tab of any record: who changed which field, when and why; also as a sheet."""

import csv
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from workspace.access import Page, page, user_of
from workspace.records.head import RecordHead
from workspace.records.history import history_of, history_rows
from workspace.sheets import safe


def history_page(
    permission: str,
    find: Callable[[str], Any],
    head_of: Callable[[Any, Any, str], RecordHead],
) -> Page:
    """Return the view of a History tab.

    In: who may see it, what finds the record by its number or answers 404, and what makes its
    head from the record, the user and the tab's name.
    """

    @page(permission)
    @require_GET
    def history(request: HttpRequest, number: str) -> HttpResponse:
        record, params = find(number), request.GET.dict()
        if params.get("format") == "csv":
            return history_sheet(record, params.get("field", ""))
        context = {
            "head": head_of(record, user_of(request), "history"),
            "history": history_of(record.journal, params),
            "now": timezone.now(),
        }
        return render(request, "workspace/record/history.html", context)

    return history


def history_sheet(record: Any, field: str) -> HttpResponse:
    """Return every change of a record that fits the filter as a CSV file."""
    return sheet(f"{record.number}-history.csv", history_rows(record.journal, field))


def sheet(name: str, rows: Iterable[list[str]]) -> HttpResponse:
    """Return rows as a CSV file that no spreadsheet takes for formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return response
