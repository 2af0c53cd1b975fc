"""Who may open a page, and what others are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from core.models import User
from workspace.preferences import preferences_of

Page = Callable[..., HttpResponseBase]


def page(permission: str = "") -> Callable[[Page], Page]:
    """Let signed-in people with the permission in; machines sign in at the API only."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.is_api_client:
                raise PermissionDenied("API clients use the API.")
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied(f"This needs the permission {permission}.")
            with timezone.override(preferences_of(request.user).zone_info()):
                return view(request, *args, **kwargs)

        guarded.psew_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user of a guarded page."""
    assert isinstance(request.user, User)
    return request.user


def onward(request: HttpRequest, default: str = "/") -> HttpResponseRedirect:
    """Go where the form came from, if that is on this site, else to the default."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if safe else default)


def landing_of(user: User) -> str:
    """Return the page a user wants to begin with."""
    name, _, query = preferences_of(user).landing.partition("?")
    if not name:
        return reverse("workspace:home")
    return f"{reverse('workspace:list', args=[name])}?{query}"
