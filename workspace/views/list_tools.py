"""What shapes a list: add a filter, choose columns, keep a view."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from workspace.access import page, user_of
from workspace.forms.lists import FilterForm, ViewForm, moved, order_of
from workspace.lists import ListPage, list_page
from workspace.lists.saving import (
    address_of,
    bring_back_view,
    change_view,
    keep_view,
    make_usual,
    remove_view,
)
from workspace.models import SavedView
from workspace.views.dialogs import GET_POST, dialog, done, explain, see_other
from workspace.views.lists import list_or_404, list_url


def _state(request: HttpRequest) -> dict[str, str]:
    """Return the list's state the tool was opened with."""
    skip = ("field", "after", "before", "start", "count", "peek")
    return {name: v for name, v in request.GET.dict().items() if name not in skip}


def _back(definition: ListPage, state: dict[str, str]) -> HttpResponseRedirect:
    # A list without any state would open with the usual view.
    return see_other(list_url(definition, urlencode({"view": "", **state})))


@page()
@GET_POST
def add_filter(request: HttpRequest, name: str) -> HttpResponse:
    """Choose a field, then operator and value; then the list is shown with one filter more."""
    definition = list_or_404(request, name)
    field = definition.field(request.GET.get("field", ""))
    state = _state(request)
    context: dict[str, Any] = {
        "list": definition,
        "field": field,
        "back": list_url(definition, urlencode(state)),
    }
    if field is None:
        return dialog(request, "workspace/lists/filter.html", context)
    form = FilterForm(request.POST or None, field=field)
    if request.method == "POST" and form.is_valid():
        condition = form.condition()
        return _back(definition, {**state, condition.param: condition.value})
    context["form"] = form
    return dialog(request, "workspace/lists/filter.html", context, invalid=bool(form.errors))


@page()
@GET_POST
def columns(request: HttpRequest, name: str) -> HttpResponse:
    """Show, hide and move columns; the choice becomes part of the address."""
    definition = list_or_404(request, name)
    state = _state(request)
    usual = ",".join(definition.view(state.get("view", "")).columns)
    order, shown = order_of(definition, state.get("columns", "") or usual)
    if request.method == "POST":
        order, _ = order_of(definition, ",".join(request.POST.getlist("order")))
        shown = {key for key in request.POST.getlist("show") if key in order}
        if "save" in request.POST:
            chosen = ",".join(key for key in order if key in shown)
            return _back(definition, {**state, "columns": chosen})
        if "usual" in request.POST:
            state.pop("columns", None)
            return _back(definition, state)
        order = moved(order, request.POST.get("up", ""), request.POST.get("down", ""))
    found = [definition.column(key) for key in order]
    context = {
        "list": definition,
        "columns": [(column, column.key in shown) for column in found if column],
        "back": list_url(definition, urlencode(state)),
    }
    return dialog(request, "workspace/lists/columns.html", context)


@page()
@GET_POST
def new_view(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the list's state under a name."""
    definition = list_or_404(request, name)
    state = _state(request)
    form = ViewForm(request.POST or None, user=user_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            view = keep_view(page=definition, params=state, by=user_of(request), **form.values())
        except Refused as error:
            explain(form, error)
        else:
            url = list_url(definition, address_of(view))
            return done(request, url, f"Kept the view {view.name}.")
    context = {
        "list": definition,
        "form": form,
        "back": list_url(definition, urlencode(state)),
    }
    return dialog(request, "workspace/lists/view.html", context, invalid=bool(form.errors))


@page()
@require_POST
def steer_view(request: HttpRequest, view_id: int, verb: str) -> HttpResponse:
    """Save changes of a kept view, make it usual, remove it, or bring it back."""
    user = user_of(request)
    view = SavedView.objects.visible_to(user).filter(pk=view_id).first()
    if view is None:
        raise Http404("There is no such view.")
    definition = list_page(view.list_name)
    try:
        if verb == "save":
            change_view(view=view, page=definition, params=_state(request), by=user)
            text = f"Saved the view {view.name}."
        elif verb == "usual":
            make_usual(view=view, by=user)
            text = f"{definition.title} open with {view.name} now."
        elif verb == "remove":
            remove_view(view=view, by=user, now=timezone.now())
            return done(
                request,
                list_url(definition, urlencode({"view": "", "removed": view.pk})),
                f"Removed the view {view.name}.",
            )
        elif verb == "restore":
            bring_back_view(view=view, by=user)
            text = f"The view {view.name} is back."
        else:
            raise Http404(f"A view cannot be told to {verb}.")
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    return done(request, list_url(definition, address_of(view)), text)
