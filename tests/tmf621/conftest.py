"""Otto's fault-management system, and a small site it talks to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import Account, Contact
from cmdb.models import CIClass, ConfigurationItem
from core.api_properties import REQUESTS_PER_MINUTE
from core.models import ApiToken, Domain, SystemProperty, User
from core.models.tokens import hashed
from incidents.models import (
    Category,
    Incident,
    IncidentState,
    PriorityRule,
    StateTransition,
    Subcategory,
)
from tests.conformance.faces import Face, Speaker
from tmf621.mapping import INCIDENT_WORDS
from tmf621.models import StatusTransition
from tmf621.schemas import published_schema

URL = "/tmf-api/troubleTicket/v4/troubleTicket"
PUBLISHED = Path(settings.BASE_DIR) / "tests/conformance/tmf621"
SCHEMA = published_schema("v4")
MINIMAL = {"description": "Link down", "severity": "2", "ticketType": "incident"}
MOVES = [
    ("new", "in_progress"),
    ("new", "on_hold"),
    ("new", "resolved"),
    ("new", "canceled"),
    ("in_progress", "on_hold"),
    ("in_progress", "resolved"),
    ("in_progress", "canceled"),
    ("on_hold", "in_progress"),
    ("on_hold", "resolved"),
    ("resolved", "in_progress"),
    ("resolved", "closed"),
]

CHANGES = {
    "acknowledged": ["inProgress", "pending", "held", "resolved", "rejected", "cancelled"],
    "inProgress": ["pending", "held", "resolved", "cancelled"],
    "pending": ["inProgress", "held", "resolved", "cancelled"],
    "held": ["inProgress", "pending", "resolved", "cancelled"],
    "resolved": ["closed", "inProgress"],
}


def example(name: str) -> Any:
    """Return one of the v4 example payloads."""
    return json.loads((PUBLISHED / "examples" / f"v4-{name}.json").read_text())


def check(name: str, value: Any) -> None:
    """Hold a value against a definition of the published schema."""
    Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(value)


class Api:
    """Speaks to the API as one client and holds every answer against the schema."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers, raise_request_exception=False)

    def send(self, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        kind = more.pop("content_type", "application/json")
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else b""
        answer = self.client.generic(method, URL + path, data, content_type=kind, **more)
        self.hold(answer)
        return answer

    def hold(self, answer: Any) -> None:
        if answer.status_code in (204, 304):
            assert answer.content == b""
            return
        assert answer["Content-Type"] == "application/json"
        if answer.status_code >= 400:
            check("Error", answer.json())
            assert answer.json()["status"] == str(answer.status_code)
            return
        told = answer.json() if isinstance(answer.json(), list) else [answer.json()]
        for ticket in told:
            check("TroubleTicket", ticket)

    def get(self, path: str = "", **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, body: Any, **more: Any) -> Any:
        return self.send("POST", "", body, **more)

    def patch(self, ticket_id: str, body: Any, **more: Any) -> Any:
        return self.send("PATCH", f"/{ticket_id}", body, **more)

    def delete(self, ticket_id: str, **more: Any) -> Any:
        return self.send("DELETE", f"/{ticket_id}", **more)

    def open(self, **values: Any) -> dict[str, Any]:
        answer = self.post({**MINIMAL, **values})
        assert answer.status_code == 201, answer.json()
        return dict(answer.json())


@pytest.fixture
def site(db: None) -> None:
    states = {
        value: IncidentState.objects.create(value=value, label=value, number=n, tmf_status=word)
        for n, (value, word) in enumerate(INCIDENT_WORDS.items())
    }
    for source, target in MOVES:
        StateTransition.objects.create(source=states[source], target=states[target])
    for impact, urgency, priority in [(1, 1, 1), (1, 2, 2), (2, 2, 3), (2, 3, 4), (3, 3, 5)]:
        PriorityRule.objects.create(impact=impact, urgency=urgency, priority=priority)
    for source, targets in CHANGES.items():
        for target in targets:
            StatusTransition.objects.create(source=source, target=target)
    sd_wan = Category.objects.create(value="sd_wan", label="SD-WAN")
    for value in ("protocol_failure", "device_failure"):
        label = value.replace("_", " ").capitalize()
        Subcategory.objects.create(category=sd_wan, value=value, label=label)


@pytest.fixture
def controller(site: None) -> ConfigurationItem:
    ci_class = CIClass.objects.create(name="cmdb_ci_sdwan_controller", label="SD WAN Controller")
    return ConfigurationItem.unscoped.create(
        name="vManage_10001", external_id="b1a7c0de-0001", ci_class=ci_class
    )


@pytest.fixture
def service(site: None) -> ConfigurationItem:
    ci_class = CIClass.objects.create(name="cmdb_ci_service", label="Service", is_service=True)
    return ConfigurationItem.unscoped.create(name="SD WAN Enterprise Solutions", ci_class=ci_class)


@pytest.fixture
def funco(site: None) -> Account:
    account: Account = Account.objects.create(number="ACC0000021", name="Funco Intl")
    Contact.objects.create(account=account, name="Fay", email="fay@funco.example", is_primary=True)
    return account


@pytest.fixture
def make_client(site: None) -> Callable[..., Api]:
    """Return a function that makes an API client of a domain, with or without the role."""

    def make(name: str, *, domain: Domain | None = None, role: bool = True) -> Api:
        where = domain or Domain.objects.get(pk=1)
        user = User.objects.create_user(name, domain=where, is_api_client=True)
        if role:
            group, _ = Group.objects.get_or_create(name="sn_ind_tsm_sdwan.ticket_integrator")
            group.permissions.add(Permission.objects.get(codename="use_ticket_api"))
            user.groups.add(group)
        ApiToken.objects.create(user=user, name=name, digest=hashed(f"psew_{name}"))
        return Api(Authorization=f"Bearer psew_{name}")

    return make


@pytest.fixture
def ticket_admin(make_client: Callable[..., Api]) -> Api:
    """A client that may also delete tickets and keep specifications."""
    api = make_client("admin_client")
    user = User.objects.get(username="admin_client")
    for codename in ("delete_ticket", "manage_specifications"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return api


@pytest.fixture
def otto(make_client: Callable[..., Api]) -> Api:
    return make_client("fms")


def incident_of(ticket: dict[str, Any]) -> Incident:
    """Return the incident behind a ticket."""
    found: Incident = Incident.objects.get(uid=ticket["id"])
    return found


@pytest.fixture
def speak(make_client: Callable[..., Api]) -> Callable[[Face], Speaker]:
    """Return a function that makes the integrator speak to a face of the API."""
    make_client("fms")
    # Tests ask faster than a client may.
    SystemProperty.objects.filter(name=REQUESTS_PER_MINUTE.name).update(value="0")
    return lambda face: Speaker(face, "Bearer psew_fms")
