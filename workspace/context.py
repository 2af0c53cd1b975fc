"""What the frame around every page needs: navigation, theme and the nonce for scripts."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from notifications.alarm import Alarm, alarm_for
from workspace.live.place import live_place
from workspace.parts import NavItem
from workspace.preferences import preferences_of
from workspace.records.jobs import running_chip

SEE_EVENTS = "notifications.view_stagedevent"
# Rules begin with the first page a person may see.
RULES = (
    ("escalation.view_tableversion", "workspace:rules_tables"),
    ("escalation.view_subflow", "workspace:rules_subflows"),
    ("escalation.view_message", "workspace:rules_messages"),
    ("core.view_systemproperty", "workspace:rules_properties"),
)
# label, name of the list, icon, key pressed after g
LISTS = (
    ("Incidents", "incidents", "siren", "i"),
    ("Tasks", "tasks", "list-checks", "t"),
    ("Cases", "cases", "briefcase", "c"),
    ("Changes", "changes", "git-pull-request-arrow", "r"),
    ("Accounts", "accounts", "building-2", "a"),
    ("Outages", "outages", "unplug", "o"),
    ("Alerts", "alerts", "bell", "l"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context; asks the database for the signed-in user and what they may."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    chosen = preferences_of(user)
    return {
        "shell": {
            "theme": getattr(user, "theme", "system"),
            "density": getattr(user, "density", "compact"),
            "motion": chosen.motion,
            "toasts": chosen.toasts,
            "keys": chosen.single_keys,
            "keymap": json.dumps(chosen.keys),
            "nav": "collapsed" if request.COOKIES.get("psew_nav") == "collapsed" else "",
            "product": "psew",
            "demo_mode": settings.DEMO_MODE,
        },
        "nav": _navigation(request.path, user) if known and user else [],
        # Asked for where a whole page shows them, not by fragments.
        "late_events": lambda: _late_events(user) if known and user else None,
        "running_job": lambda: running_chip(user) if known and user else None,
        "live": lambda: live_place(request) if known else None,
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }


def _navigation(path: str, user: Any) -> list[NavItem]:
    home = reverse("workspace:home")
    items = [NavItem("Home", home, "house", key="h", current=path == home)]
    items += [
        NavItem(label, reverse("workspace:list", args=[name]), icon, key, _within(path, name))
        for label, name, icon, key in LISTS
    ]
    if user.has_perm("tmf621.use_ticket_api"):
        items += _for_integrators(path)
    log = reverse("workspace:events")
    if user.has_perm(SEE_EVENTS):
        here = path.startswith(log)
        items.append(NavItem("Event log", log, "radio-tower", key="e", current=here, apart=True))
    if rules := next((address for right, address in RULES if user.has_perm(right)), ""):
        here = path.startswith("/rules/")
        items.append(NavItem("Rules", reverse(rules), "route", key="u", current=here, apart=True))
    if user.is_staff:
        items.append(NavItem("Admin", reverse("admin:index"), "settings"))
    return items


def _late_events(user: Any) -> Alarm | None:
    """Return what waits too long to leave the house, for those who may look into it."""
    if user.is_api_client or not user.has_perm(SEE_EVENTS):
        return None
    return alarm_for(user, now=timezone.now())


def _for_integrators(path: str) -> list[NavItem]:
    console, docs = reverse("workspace:console"), reverse("workspace:api_docs")
    trying, reading = path.startswith(console), path.startswith(docs)
    return [
        NavItem("Test console", console, "cable", key="n", current=trying, apart=True),
        NavItem("API reference", docs, "book-open", key="d", current=reading),
    ]


def _within(path: str, name: str) -> bool:
    first, _, rest = path.strip("/").partition("/")
    return name in (first, rest.partition("/")[0] if first == "lists" else "")
