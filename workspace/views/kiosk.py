"""The page for a screen on a wall: large, read-only, by itself up to date (ux C.13)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.models import User
from core.scope import use_scope
from workspace.access import page, user_of
from workspace.forms.shifts import WallScreenForm
from workspace.home import home_of
from workspace.models import WallScreen
from workspace.preferences import preferences_of
from workspace.shifts.screens import hang_up, screen_of, take_down

VIEW = "incidents.view_incident"
OWN = ("view=mine", "view=my_groups")
PANELS = ("pressing", "waiting", "watch", "work")


@page(VIEW)
@require_GET
def kiosk(request: HttpRequest) -> HttpResponse:
    """Show the wall screen to somebody signed in."""
    return _show(request, user_of(request))


@never_cache
@require_GET
def screen(request: HttpRequest, key: str) -> HttpResponse:
    """Show the wall screen to whoever knows its address."""
    found = screen_of(key, timezone.now())
    if found is None or not found.owner.has_perm(VIEW):
        raise Http404("This screen was taken down, or never was.")
    owner = found.owner
    with use_scope(owner.domain.scope()), timezone.override(preferences_of(owner).zone_info()):
        return _show(request, owner)


def _show(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    home = home_of(user, now, PANELS)
    # What is somebody's own says nothing to a room.
    home.cards = [card for card in home.cards if not card.url.endswith(OWN)]
    context = {"home": home, "now": now, "domain": user.domain}
    return render(request, "workspace/kiosk/kiosk.html", context)


@page(VIEW)
@require_http_methods(["GET", "POST"])
def screens(request: HttpRequest) -> HttpResponse:
    """List a person's wall screens and make new ones; an address is shown once."""
    user, address = user_of(request), ""
    form = WallScreenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, key = hang_up(user=user, name=form.cleaned_data["name"])
        address = request.build_absolute_uri(reverse("workspace:screen", args=[key]))
        messages.success(request, f"{made} is ready.")
        form = WallScreenForm()
    mine = WallScreen.objects.filter(owner=user, revoked_at=None).order_by("name", "pk")
    context = {"screens": mine, "form": form, "address": address, "now": timezone.now()}
    status = 422 if form.errors else 200
    return render(request, "workspace/kiosk/screens.html", context, status=status)


@page(VIEW)
@require_POST
def revoke(request: HttpRequest, screen_id: int) -> HttpResponse:
    """Take a screen down; its address shows nothing any more."""
    if not take_down(user=user_of(request), screen_id=screen_id, now=timezone.now()):
        raise Http404("No such screen.")
    messages.success(request, "The screen is taken down.")
    return redirect("workspace:screens")
