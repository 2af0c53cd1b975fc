"""Machines that speak about topics and events, and hold what they hear against the schemas."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from core.api_properties import REQUESTS_PER_MINUTE
from core.models import ApiToken, Domain, SystemProperty, User
from core.models.tokens import hashed
from tmf621.schemas import published_schema

CONFORMANCE = Path(__file__).parents[2] / "conformance"
TMF688 = CONFORMANCE / "tmf688"
BASE = "/tmf-api/event/v4"
TICKETS = "/tmf-api/troubleTicket"
INTEGRATOR = "sn_ind_tsm_sdwan.ticket_integrator"
TOPIC_CLIENT = "psew.topic_client"
CALLBACK = "http://127.0.0.1:9/listener"


def example(name: str) -> Any:
    """Return one of the TMF688 example payloads."""
    return json.loads((TMF688 / "examples" / f"{name}.json").read_text())


def faults(definition: str, value: Any, schema: str = "tmf688") -> list[str]:
    """Return what a published schema finds wrong with a value."""
    found = _validator(schema, definition).iter_errors(value)
    return [f"{list(error.absolute_path)}: {error.message[:300]}" for error in found]


@cache
def _validator(schema: str, definition: str) -> Draft202012Validator:
    if schema == "tmf688":
        text = (TMF688 / "TMF688-Event-v4.0.0.derived.schema.json").read_text()
        whole = json.loads(text)
    else:
        whole = published_schema(schema)
    part = {"$defs": whole["$defs"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(part, format_checker=FormatChecker())


class Machine:
    """Speaks to any address as one client."""

    def __init__(self, name: str) -> None:
        self.name = name
        headers = {"Authorization": f"Bearer psew_{name}"} if name else {}
        self.client = Client(headers=headers, raise_request_exception=False)

    @property
    def user(self) -> User:
        found: User = User.objects.get(username=self.name)
        return found

    def send(self, method: str, url: str, body: Any = None, **more: Any) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else _bytes(body)
        kind = more.pop("content_type", "application/json")
        answer = self.client.generic(method, url, data, content_type=kind, **more)
        if answer.status_code == 204:
            assert answer.content == b""
            return answer
        assert answer["Content-Type"] == "application/json"
        if answer.status_code >= 400:
            assert faults("Error", answer.json()) == []
            assert answer.json()["status"] == str(answer.status_code)
            assert answer.json()["message"].endswith((".", "id", "namespace"))
        return answer

    def get(self, url: str, **more: Any) -> Any:
        return self.send("GET", url, **more)

    def post(self, url: str, body: Any, **more: Any) -> Any:
        return self.send("POST", url, body, **more)

    def delete(self, url: str, **more: Any) -> Any:
        return self.send("DELETE", url, **more)

    def made(self, url: str, body: Any) -> dict[str, Any]:
        """Post what must be taken, and return what is told."""
        answer = self.post(url, body)
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    def topic(self, name: str = "Tickets", **more: str) -> dict[str, Any]:
        return self.made(f"{BASE}/topic", {"name": name, **more})


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.fixture
def make_machine(base: None) -> Callable[..., Machine]:
    """Return a function that makes an API client with roles in a domain."""
    # Tests ask faster than a client may.
    SystemProperty.objects.filter(name=REQUESTS_PER_MINUTE.name).update(value="0")

    def make(
        name: str, *roles: str, domain: Domain | None = None, scopes: tuple[str, ...] = ()
    ) -> Machine:
        where = domain or Domain.objects.get(pk=1)
        user = User.objects.create_user(name, domain=where, is_api_client=True)
        user.groups.set(Group.objects.filter(name__in=roles))
        assert user.groups.count() == len(roles)
        ApiToken.objects.create(
            user=user, name=name, digest=hashed(f"psew_{name}"), scopes=list(scopes)
        )
        return Machine(name)

    return make


@pytest.fixture
def bus_client(make_machine: Callable[..., Machine]) -> Machine:
    """A machine that may use the whole TMF688 interface."""
    return make_machine("bus", TOPIC_CLIENT)


@pytest.fixture
def fms(make_machine: Callable[..., Machine]) -> Machine:
    """A fault-management system that knows tickets and their hubs."""
    return make_machine("fms", INTEGRATOR)


@pytest.fixture
def domains(base: None) -> tuple[Domain, Domain]:
    """Two tenants of one provider."""
    a, b = (Domain.objects.create(name=name, parent_id=1) for name in "AB")
    return a, b


@pytest.fixture
def any_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the examples lead somewhere public."""
    monkeypatch.setattr(
        "notifications.callbacks.checked_address", lambda url: ("192.0.2.1", "example", 443)
    )
