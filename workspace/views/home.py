"""Home: what needs you now, every number opening its list (R28, ux C.13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from workspace.access import page, user_of
from workspace.home import home_of, preset_of


@page()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    preset = preset_of(user)
    context = {"home": home_of(user, now, preset.panels), "preset": preset, "now": now}
    return render(request, "workspace/home.html", context)
