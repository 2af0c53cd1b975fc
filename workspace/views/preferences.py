"""A person's preferences: two quick ones in the menu, all of them on a page."""

from dataclasses import asdict, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.models import User
from workspace.access import onward, page, user_of
from workspace.forms.preferences import PreferencesForm
from workspace.preferences import CHOICES, Preferences, keep, preferences_of


@page()
@require_POST
def quick(request: HttpRequest) -> HttpResponse:
    """Keep the user's theme, density or facets, as chosen in a menu."""
    user, facets = user_of(request), request.POST.get("facets", "")
    _keep_look(user, request.POST.get("theme", ""), request.POST.get("density", ""))
    if facets in CHOICES["facets"]:
        keep(user, replace(preferences_of(user), facets=facets))
    messages.success(request, "Preferences saved.")
    return onward(request)


@page()
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep all preferences (ux C.11)."""
    user = user_of(request)
    chosen = preferences_of(user)
    if request.method == "POST" and "reset" in request.POST:
        keep(user, Preferences())
        messages.success(request, "Preferences are as shipped again.")
        return redirect("workspace:preferences")
    initial = {**asdict(chosen), "theme": user.theme, "density": user.density}
    form = PreferencesForm(request.POST or None, initial=initial, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        _keep_look(user, form.cleaned_data["theme"], form.cleaned_data["density"])
        keep(user, form.chosen())
        messages.success(request, "Preferences saved.")
        return redirect("workspace:preferences")
    status = 422 if form.errors else 200
    return render(request, "workspace/preferences.html", {"form": form}, status=status)


def _keep_look(user: User, theme: str, density: str) -> None:
    if theme in User.Theme.values:
        user.theme = theme
    if density in User.Density.values:
        user.density = density
    user.save(update_fields=["theme", "density"])
