"""Dialogs that are whole pages without JavaScript and fragments with it (ux C.4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core.changes import MovedOn
from incidents.errors import MissingField, NotAllowed, Refused


def dialog(
    request: HttpRequest, template: str, context: dict[str, Any], *, invalid: bool = False
) -> HttpResponse:
    """Show a dialog; 422 with content when something typed is wrong."""
    return render(request, template, context, status=422 if invalid else 200)


def done(request: HttpRequest, url: str, text: str, *, undo: str = "") -> HttpResponseRedirect:
    """Say what was done and go to the record; `undo` is the address that takes it back."""
    messages.success(request, text, extra_tags=undo)
    return see_other(url)


def see_other(url: str) -> HttpResponseRedirect:
    """Answer a form with the page to look at next."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def explain(form: BaseForm, error: Exception) -> None:
    """Put what an action refused onto the form, at its field where it names one."""
    if isinstance(error, NotAllowed):
        raise PermissionDenied(str(error)) from error
    field = error.field if isinstance(error, MissingField) and error.field in form.fields else None
    form.add_error(field, str(error))


GET_POST = require_http_methods(["GET", "POST"])
REFUSALS = (Refused, MovedOn)
