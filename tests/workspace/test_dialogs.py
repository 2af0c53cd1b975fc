"""A dialog gets the address of the next page instead of a redirect."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from workspace.dialogs import DialogRedirects


def moved(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect("/incidents/INC1/")
    response.set_cookie("messages", "kept")
    return response


def test_a_dialog_is_told_where_to_go() -> None:
    response = DialogRedirects(moved)(RequestFactory().post("/", headers={"X-Dialog": "1"}))
    assert response.status_code == 204
    assert response.headers["X-Location"] == "/incidents/INC1/"
    assert "Location" not in response.headers
    assert response.cookies["messages"].value == "kept"


def test_a_plain_form_is_redirected() -> None:
    response = DialogRedirects(moved)(RequestFactory().post("/"))
    assert response.status_code == 302
    assert "X-Location" not in response.headers
