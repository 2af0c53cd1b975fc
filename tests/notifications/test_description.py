"""The AsyncAPI description of events.

When it changes on purpose, write the snapshot anew and read its diff:

    PSEW_MODE=test .venv/bin/python manage.py describe_events --base-url https://psew.example \\
        --into tests/notifications/asyncapi.json
"""

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import include, path
from jsonschema import Draft202012Validator, FormatChecker

from core.models import User
from notifications.description import describe_events
from notifications.description.views import EventDescription
from notifications.payloads import as_v5, event_types
from notifications.publishers.interface import Message, Target
from notifications.publishers.webhook import WebhookPublisher
from notifications.sink import Arrivals
from tests.conformance.covering import members
from tests.notifications.ticketing import live_through, payloads_of
from tests.tmf621.conftest import MINIMAL, Api, make_client, otto, site, ticket_admin

__all__ = ["make_client", "otto", "site", "ticket_admin"]

SITE = "https://psew.example"
ADDRESS = "/tmf-api/event/v4/asyncapi.json"
SNAPSHOT = Path(__file__).with_name("asyncapi.json")
PAGE = Path(settings.BASE_DIR) / "docs/reference/events.md"
# The site's own addresses with the description among them.
urlpatterns = [
    path(ADDRESS[1:], EventDescription.as_view()),
    path("", include("psew.urls")),
]
published = pytest.mark.urls(__name__)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return describe_events(SITE)


def faults(document: dict[str, Any], reference: str, value: Any) -> list[str]:
    """Return what a schema of the description finds wrong with a value."""
    schema = {"$ref": reference, "components": document["components"]}
    found = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value)
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in found]


def test_the_description_is_the_one_that_was_read_and_kept(told: dict[str, Any]) -> None:
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == told


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(told)))
    assert len(references) > 50
    for reference in references:
        node = told
        for step in reference.split("/"):
            node = node[step]


def test_it_has_the_members_of_asyncapi_3(told: dict[str, Any]) -> None:
    assert told["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(told["info"])
    names = [*told["channels"], *told["operations"], *told["servers"]]
    names += [*told["components"]["messages"], *told["components"]["schemas"]]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)
    for server in told["servers"].values():
        assert {"host", "protocol"} <= set(server)
        assert set(re.findall(r"\{(\w+)\}", server["host"])) == set(server["variables"])
    for name, operation in told["operations"].items():
        channel = told["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        assert operation["action"] == "send"
        sent = {each["$ref"].rpartition("/")[2] for each in operation["messages"]}
        assert sent == set(channel["messages"]), name


def test_every_event_type_is_there_once_per_shape(told: dict[str, Any]) -> None:
    named = [message["name"] for message in told["components"]["messages"].values()]
    assert set(named) == set(event_types())
    assert all(message["summary"] for message in told["components"]["messages"].values())
    listed = [name for each in told["channels"].values() for name in each["messages"]]
    assert set(listed) == set(told["components"]["messages"])


def test_the_examples_hold_against_their_schemas(told: dict[str, Any]) -> None:
    for name, message in told["components"]["messages"].items():
        [example] = message["examples"]
        assert faults(told, message["payload"]["$ref"], example["payload"]) == [], name
        assert example["payload"]["eventType"] == message["name"]


def test_a_schema_refuses_what_is_no_event(told: dict[str, Any]) -> None:
    message = told["components"]["messages"]["TroubleTicketCreateEvent"]
    wrong = {**message["examples"][0]["payload"], "eventTime": 7}
    wrong["event"] = {"troubleTicket": {"note": "no list"}}
    del wrong["eventId"]
    assert len(faults(told, message["payload"]["$ref"], wrong)) == 4


@pytest.mark.parametrize("kind", ["incident", "case"])
def test_real_events_are_as_described(
    told: dict[str, Any], otto: Api, ticket_admin: Api, kind: str
) -> None:
    messages, schemas = told["components"]["messages"], told["components"]["schemas"]
    for payload in payloads_of(live_through(otto, ticket_admin, {**MINIMAL, "ticketType": kind})):
        for shape, shown in (("v4", payload), ("v5", as_v5(payload))):
            name = payload["eventType"] + (".v5" if shape == "v5" else "")
            assert faults(told, messages[name]["payload"]["$ref"], shown) == []
            known = set(schemas[f"{shape}.Envelope"]["properties"])
            assert {path for path in members(shown) if path.count(".") == 1} <= {
                f".{each}" for each in known
            }


def test_webhooks_have_the_headers_that_are_described(
    told: dict[str, Any], arrivals: Arrivals, bus: Any
) -> None:
    message = Message("id", "Type", "key", 7, '{"eventId": "id"}')
    target = Target(name="hook", url=bus.url, secrets=("secret",))
    assert WebhookPublisher().publish(target, message).ok
    headers = {name.lower(): value for name, value in arrivals.arrived[-1].headers.items()}
    described = told["components"]["schemas"]["WebhookHeaders"]["properties"]
    assert {name.lower() for name in described} <= set(headers)
    assert {name for name in headers if name.startswith("x-psew")} == {
        name.lower() for name in described
    }


def test_the_page_names_every_event_and_header(told: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    schemas = told["components"]["schemas"]
    names = set(event_types())
    for kind in ("WebhookHeaders", "BusHeaders", "v4.Envelope", "v5.Envelope"):
        names |= set(schemas[kind]["properties"])
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_the_command_prints_and_writes_it(told: dict[str, Any], tmp_path: Path) -> None:
    printed, into = StringIO(), tmp_path / "events.json"
    call_command("describe_events", base_url=SITE, stdout=printed)
    call_command("describe_events", base_url=SITE, into=into, stdout=StringIO())
    assert json.loads(printed.getvalue()) == told
    assert json.loads(into.read_text(encoding="utf-8")) == told


@published
def test_nobody_in_particular_reads_it(db: None) -> None:
    answer = Client().get(ADDRESS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


@published
def test_a_client_reads_it_by_its_token(make_client: Callable[..., Api]) -> None:
    answer = make_client("reader", role=False).client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.json() == describe_events("http://testserver")


@published
def test_a_person_reads_it_in_the_browser(
    make_user: Callable[..., User], client_as: Callable[[User], Client]
) -> None:
    answer = client_as(make_user("ann")).get(ADDRESS, headers={"Host": "localhost"})
    assert answer.json()["info"]["externalDocs"]["url"] == "http://localhost/api-docs/"
