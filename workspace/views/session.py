"""Sign-in with one click per role in demo mode, and sign-out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core import lockout
from core.loopback import is_loopback
from core.models import User
from workspace.access import landing_of, onward
from workspace.configuration.credentials import read_credentials

ROLE_WORDS = {
    "admin": "Administrator: tables, subflows, messages, properties",
    "ncoord1": "Network coordinator: triage, impact, cases",
    "l1eng1": "L1 network engineer",
    "l2eng1": "L2 network engineer",
    "l3eng1": "L3 network engineer",
    "mim1": "Major issue manager",
    "cmgr1": "Change manager",
}


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password; too many failures shut the door for five minutes."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST":
        door = (request.META.get("REMOTE_ADDR", ""), request.POST.get("username", ""))
        if lockout.is_shut(*door):
            form.add_error(None, "Too many tries. Wait five minutes.")
        elif form.is_valid():
            return _enter(request, form.get_user())
        else:
            lockout.note_failure(*door)
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
    context["demo_roles"] = demo_roles(request)
    status = 422 if form.errors else 200
    return render(request, "workspace/sign_in.html", context, status=status)


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo role with one click: demo mode, on this very machine only."""
    username = request.POST.get("username", "")
    if username not in {name for name, _ in demo_roles(request)}:
        raise PermissionDenied("Demo sign-in works in demo mode on the machine itself only.")
    user = authenticate(request, username=username, password=demo_passwords().get(username))
    if not isinstance(user, User):
        raise PermissionDenied("The demo password was changed; sign in with it.")
    return _enter(request, user)


def demo_roles(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (username, what it is) for the roles offered; empty outside demo mode."""
    if not settings.DEMO_MODE or not is_loopback(request):
        return []
    known = demo_passwords()
    return [(name, text) for name, text in ROLE_WORDS.items() if name in known]


def demo_passwords() -> dict[str, str]:
    """Return the demo users' passwords as kept for the operator, {} where there are none."""
    try:
        kept = read_credentials()
    except (OSError, ValueError):
        return {}
    return kept.users if kept else {}


def _enter(request: HttpRequest, user: Any) -> HttpResponseRedirect:
    if user.is_api_client:
        raise PermissionDenied("API clients use the API.")
    login(request, user)
    return onward(request, landing_of(user))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("workspace:sign_in")
