"""Change one cell where it stands (ux C.1, inline edit)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.changes import MovedOn
from core.errors import Refused
from workspace.access import page, user_of
from workspace.forms.cells import CellForm
from workspace.lists import ListPage
from workspace.lists.address import read_address
from workspace.lists.definition import Column
from workspace.lists.editing import Conflict, save_cell
from workspace.lists.paging import count_in, in_order
from workspace.models import Deed
from workspace.views.dialogs import GET_POST, done, explain
from workspace.views.lists import list_or_404, list_url

# What a state asks for is asked in its own dialog.
DIALOGS = {
    ("incidents", "state"): (
        ("Put on hold", "incident_hold", "incidents.change_incident"),
        ("Resolve", "incident_resolve", "incidents.resolve_incident"),
        ("Escalate", "incident_escalate", "incidents.escalate_incident"),
    ),
    ("cases", "state"): (("Resolve case", "case_resolve", "cases.resolve_case"),),
}


@page()
@GET_POST
def edit(request: HttpRequest, name: str, pk: int, key: str) -> HttpResponse:
    """Show the cell's form; POST saves it, 409 says who was faster."""
    definition = list_or_404(request, name)
    column = _column(request, definition, key)
    record: Any = definition.model._default_manager.filter(pk=pk).first()
    if record is None:
        raise Http404(f"No such {definition.noun}.")
    back = _way_back(request, definition, record)
    form = CellForm(request.POST or None, record=record, column=key)
    status, found = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            found = save_cell(definition, column, form, user_of(request), timezone.now())
        except (Refused, MovedOn) as error:
            explain(form, error)
        else:
            if not isinstance(found, Conflict):
                return _saved(request, definition, column, record, back, found)
            status = 409
            data = request.POST.copy()
            data["version"], data["seen"] = str(record.version), form.seen_now()
            form = CellForm(data, record=record, column=key)
    context = {
        "list": definition,
        "column": column,
        "record": record,
        "form": form,
        "conflict": found,
        "dialogs": _dialogs(request, definition, key, record),
        "back": back,
        "now": timezone.now(),
    }
    status = 422 if form.errors else status
    return render(request, "workspace/lists/edit.html", context, status=status)


def _way_back(request: HttpRequest, definition: ListPage, record: Any) -> str:
    """Return where the form came from: the record's own page, or the list with its filter."""
    if request.GET.get("to") == "record" and definition.url_name:
        return reverse(definition.url_name, args=[record.number])
    return list_url(definition, request.GET.get("back", "").lstrip("?"))


def _column(request: HttpRequest, definition: ListPage, key: str) -> Column:
    column = definition.column(key)
    if column is None or not column.edit:
        raise Http404(f"{key} of a {definition.noun} is not changed in the list.")
    if not request.user.has_perm(column.edit):
        raise PermissionDenied(f"This needs the permission {column.edit}.")
    return column


def _dialogs(
    request: HttpRequest, definition: ListPage, key: str, record: Any
) -> list[tuple[str, str]]:
    return [
        (label, reverse(f"workspace:{name}", args=[record.number]))
        for label, name, permission in DIALOGS.get((definition.name, key), ())
        if request.user.has_perm(permission)
    ]


def _saved(
    request: HttpRequest,
    definition: ListPage,
    column: Column,
    record: Any,
    back: str,
    deed: Deed | None,
) -> HttpResponse:
    undo = reverse("workspace:undo", args=[deed.uid]) if deed else ""
    if "X-Cell" not in request.headers:
        return done(request, back, f"Saved {column.label.lower()} of {record.number}.", undo=undo)
    columns = definition.columns
    rows = definition.model._default_manager.filter(pk=record.pk)
    row = in_order(definition, read_address(definition, {}), rows, columns).get()
    count_in(definition, [row])
    context = {"list": definition, "rows": [row], "columns": columns, "now": timezone.now()}
    response = render(request, "workspace/lists/_cells.html", context)
    response["X-Saved"] = f"{column.label} of {record.number}"
    response["X-Undo"] = undo
    return response
