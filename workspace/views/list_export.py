"""Take a list along: exactly its rows, the visible columns or all of them."""

from datetime import date

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from workspace.access import page, user_of
from workspace.lists import ListPage
from workspace.lists.address import read_address
from workspace.lists.choosing import NothingChosen, chosen_ids
from workspace.lists.definition import Column, Rows
from workspace.lists.export import csv_lines, xlsx_file
from workspace.lists.paging import in_order, matching
from workspace.views.dialogs import done
from workspace.views.list_bulk import joined
from workspace.views.lists import list_or_404, list_url

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page()
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """Send the list of the address, or with POST the chosen rows, as `csv` or `xlsx`."""
    definition = list_or_404(request, name)
    params = request.GET.dict()
    address = read_address(definition, params)
    rows, _ = matching(definition, address, user_of(request))
    if request.method == "POST":
        try:
            ids = chosen_ids(definition, joined(request), user_of(request))
        except NothingChosen as error:
            return done(request, list_url(definition), str(error))
        rows = definition.model._default_manager.filter(pk__in=ids)
    everything = params.get("all") == "1"
    columns = definition.columns if everything else address.columns
    return _sent(definition, in_order(definition, address, rows, columns), columns, kind)


def _sent(
    definition: ListPage, rows: Rows, columns: tuple[Column, ...], kind: str
) -> HttpResponseBase:
    name = f"{definition.name}-{_today()}"
    if kind == "xlsx":
        file = xlsx_file(definition, rows, columns)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    lines = csv_lines(definition, rows, columns)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _today() -> date:
    return timezone.localdate()
