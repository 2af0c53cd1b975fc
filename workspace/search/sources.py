"""What can be found: which rows, by which columns, and where a hit leads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from accounts.models import Account, Contact
from cases.models import Case
from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem
from incidents.models import Incident, IncidentTask


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record."""

    title: str
    permission: str
    model: type[Model]
    icon: str
    # What may be found in part (the first is what a hit is called), and the full-text index.
    titles: tuple[str, ...]
    texts: tuple[str, ...] = ()
    numbered: bool = True
    order: str = "-pk"
    related: tuple[str, ...] = ()
    url: Callable[[Any], str] = lambda record: ""
    detail: Callable[[Any], str] = lambda record: ""
    list_name: str = ""


def _page(name: str) -> Callable[[Any], str]:
    return lambda record: reverse(f"workspace:{name}", args=[record.number])


def _state(record: Any) -> str:
    return str(record.get_state_display())


def _incidents_of(item: Any) -> str:
    return reverse("workspace:list", args=["incidents"]) + f"?view=all&ci={item.uid}"


def _account_of(contact: Any) -> str:
    if contact.account is None:
        return ""
    return reverse("workspace:account", args=[contact.account.number])


def _account_and_mail(contact: Any) -> str:
    return " · ".join(filter(None, [str(contact.account or ""), contact.email]))


WORK = ("short_description", "description")
SOURCES = (
    Source(
        "Incidents",
        "incidents.view_incident",
        Incident,
        "siren",
        ("short_description",),
        WORK,
        url=_page("incident"),
        detail=_state,
        list_name="incidents",
    ),
    Source(
        "Cases",
        "cases.view_case",
        Case,
        "briefcase",
        ("short_description",),
        WORK,
        url=_page("case"),
        detail=_state,
        list_name="cases",
    ),
    Source(
        "Changes",
        "changes.view_changerequest",
        ChangeRequest,
        "calendar-clock",
        ("short_description",),
        WORK,
        url=_page("change"),
        detail=_state,
        list_name="changes",
    ),
    Source(
        "Tasks",
        "incidents.view_incidenttask",
        IncidentTask,
        "list-checks",
        ("short_description",),
        WORK,
        url=_page("task"),
        detail=_state,
        list_name="tasks",
    ),
    Source(
        "Accounts",
        "accounts.view_account",
        Account,
        "building-2",
        ("name",),
        order="name",
        url=_page("account"),
        detail=lambda account: str(account.get_tier_display()) if account.tier else "",
        list_name="accounts",
    ),
    Source(
        "Contacts",
        "accounts.view_contact",
        Contact,
        "user",
        ("name", "email", "phone"),
        numbered=False,
        order="name",
        related=("account",),
        url=_account_of,
        detail=_account_and_mail,
    ),
    Source(
        "Configuration items",
        "cmdb.view_configurationitem",
        ConfigurationItem,
        "server",
        ("name", "external_id", "address"),
        numbered=False,
        order="name",
        related=("ci_class",),
        url=_incidents_of,
        detail=lambda item: str(item.ci_class),
    ),
)
