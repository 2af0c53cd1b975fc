"""Payloads hold against the published TMF688 and TMF621 schemas and examples (R156)."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from accounts.models import Account
from cmdb.models import ConfigurationItem
from core.actor import SYSTEM
from core.models import SystemProperty
from incidents.actions import add_comment, add_work_note, update_incident
from notifications.models import StagedEvent, Subscriber
from notifications.names import (
    ATTRIBUTE,
    CREATE,
    CREATE_FOR_CASE,
    DELETE,
    INFORMATION,
    RESOLVED,
    STATUS,
)
from notifications.payloads import as_v5, dressed
from notifications.properties import EVENT_NAMES
from tests.conformance.covering import members
from tests.conformance.faces import V4, V5, Face
from tests.notifications.ticketing import live_on, live_through, payloads_of
from tests.tmf621.conftest import (
    MINIMAL,
    Api,
    controller,
    example,
    funco,
    incident_of,
    make_client,
    otto,
    service,
    site,
    ticket_admin,
)

__all__ = ["controller", "funco", "make_client", "otto", "service", "site", "ticket_admin"]

Payloads = list[dict[str, Any]]
SCHEMA = Path(__file__).parent.parent / "conformance/tmf688/TMF688-Event-v4.0.0.derived.schema.json"
TMF688 = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
EXAMPLES = {
    "create": CREATE,
    "status-change": STATUS,
    "attribute-value-change": ATTRIBUTE,
    "information-required": INFORMATION,
    "resolved": RESOLVED,
    "delete": DELETE,
}
# What an example has that psew does not tell, and why.
NOT_TOLD = {
    # psew promises no time the client has not named.
    ".event.troubleTicket.expectedResolutionDate",
    # The examples' notes are work notes, and those never leave the house (R20).
    ".event.troubleTicket.note[].@type",
    ".event.troubleTicket.note[].author",
    ".event.troubleTicket.note[].date",
    ".event.troubleTicket.note[].id",
    ".event.troubleTicket.note[].text",
    # Addresses of another system's items and customers.
    ".event.troubleTicket.relatedEntity[].href",
    ".event.troubleTicket.relatedEntity[].entity.href",
    ".event.troubleTicket.relatedParty[].href",
    ".event.troubleTicket.relatedParty[].partyOrPartyRole.href",
}


def faults_of_tmf688(payload: Any) -> list[str]:
    part = {"$defs": TMF688, "$ref": "#/$defs/Event"}
    found = Draft202012Validator(part, format_checker=FormatChecker()).iter_errors(payload)
    return [f"{list(e.absolute_path)}: {e.message}" for e in found]


@pytest.fixture
def network(controller: ConfigurationItem, service: ConfigurationItem, funco: Account) -> None:
    """What the examples' references mean."""


@pytest.fixture
def payloads(otto: Api, ticket_admin: Api, network: None) -> Payloads:
    """Every event of an incident that began as the published example."""
    return payloads_of(live_through(otto, ticket_admin, example("ticket-create.request")))


@pytest.fixture
def case_payloads(otto: Api, ticket_admin: Api, funco: Account) -> Payloads:
    """Every event of a case."""
    return payloads_of(live_through(otto, ticket_admin, {**MINIMAL, "ticketType": "case"}))


def test_every_event_is_the_v4_event_its_type_names(
    payloads: Payloads, case_payloads: Payloads
) -> None:
    both = [*payloads, *case_payloads]
    assert {payload["eventType"] for payload in both} == set(EXAMPLES.values())
    for payload in both:
        assert faults_of_tmf688(payload) == []
        assert V4.faults(payload["eventType"], payload) == []


def test_every_event_is_the_v5_event_its_type_names(
    payloads: Payloads, case_payloads: Payloads
) -> None:
    for payload in (as_v5(each) for each in [*payloads, *case_payloads]):
        assert V5.faults(payload["eventType"], payload) == []
        kind = "TroubleTicketRef" if payload["eventType"] == DELETE else "TroubleTicket"
        assert V5.faults(kind, payload["event"]["troubleTicket"]) == []
        assert V5.faults("EntityRef", payload["source"]) == []
        assert V5.faults("EntityRef", payload["reportingSystem"]) == []


@pytest.mark.parametrize("face", [V4, V5], ids=str)
@pytest.mark.parametrize("name", EXAMPLES)
def test_events_have_every_member_of_the_examples(
    otto: Api, ticket_admin: Api, network: None, face: Face, name: str
) -> None:
    wanted, body = face.example(f"event-{name}"), face.example("ticket-create.request")
    if "troubleTicketSpecification" in (shown := wanted["event"]["troubleTicket"]):
        body["troubleTicketSpecification"] = shown["troubleTicketSpecification"]
    ticket = otto.client.post(face.url, body, content_type="application/json").json()
    told = payloads_of(live_on(otto, ticket_admin, ticket))
    [*_, found] = [payload for payload in told if payload["eventType"] == EXAMPLES[name]]
    found = as_v5(found) if face is V5 else found
    assert members(wanted) - members(found) - NOT_TOLD == set()
    for member in ("eventType", "title", "priority", "@baseType"):
        assert wanted.get(member, found[member]) == found[member]


def test_information_required_says_what_would_answer_it(payloads: Payloads) -> None:
    [told] = [p for p in payloads if p["eventType"] == INFORMATION]
    assert told["fieldPath"] == "troubleTicket.note"
    assert told["event"]["troubleTicket"]["status"] == "pending"
    assert as_v5(told)["event"]["informationRequired"] == {"op": "add", "path": "/note"}


def test_a_deleted_ticket_leaves_a_reference(payloads: Payloads) -> None:
    last = payloads[-1]
    assert set(last["event"]["troubleTicket"]) == {"id", "href", "@type"}
    ticket = as_v5(last)["event"]["troubleTicket"]
    assert ticket["@type"] == "TroubleTicketRef"
    assert "/v5/" in ticket["href"]
    assert ticket["id"] == last["id"]


def test_changed_attributes_have_the_tickets_names(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    values = {"short_description": "Down", "impact": 1, "urgency": 1, "probable_cause": "Power"}
    update_incident(incident_id=incident_of(ticket).pk, values=values, by=SYSTEM, now=now)
    assert payloads_of(ticket)[-1]["fieldPath"] == "troubleTicket.name,troubleTicket.priority"
    otto.patch(ticket["id"], {"externalId": "ems:7", "x-own": "mine"})
    told = payloads_of(ticket)[-1]["fieldPath"]
    assert told == "troubleTicket.externalId,troubleTicket.x-own"


def test_what_no_ticket_tells_has_no_path(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    values = {"probable_cause": "Power"}
    update_incident(incident_id=incident_of(ticket).pk, values=values, by=SYSTEM, now=now)
    assert payloads_of(ticket)[-1]["eventType"] == ATTRIBUTE
    assert "fieldPath" not in payloads_of(ticket)[-1]


def test_work_notes_are_in_no_event(otto: Api, ticket_admin: Api, now: datetime) -> None:
    body = {**MINIMAL, "note": [{"text": "Secret from the start", "@type": "work_notes"}]}
    ticket = otto.post(body).json()
    incident = incident_of(ticket).pk
    add_work_note(incident_id=incident, text="Secret of ours", by=SYSTEM, now=now)
    add_comment(incident_id=incident, text="Said to all", by=SYSTEM, now=now)
    otto.patch(ticket["id"], {"status": "pending", "note": body["note"]})
    otto.patch(ticket["id"], {"status": "resolved"})
    ticket_admin.delete(ticket["id"])
    staged = StagedEvent.objects.filter(ticket_uid=ticket["id"])
    everything = str([*staged.values_list("snapshot", flat=True), *payloads_of(ticket)])
    assert "Said to all" in everything
    assert "Secret" not in everything


def test_every_event_but_the_last_tells_the_whole_ticket(payloads: Payloads) -> None:
    first = payloads[0]["event"]["troubleTicket"]
    for payload in payloads[:-1]:
        assert set(payload["event"]["troubleTicket"]) >= set(first)


def test_the_envelope_tells_ticket_moment_and_place_in_line(payloads: Payloads) -> None:
    first, second = payloads[:2]
    assert first["correlationId"].startswith("INC")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["eventTime"])
    assert first["timeOcurred"] == first["eventTime"]
    assert first["domain"] == "Global"
    assert first["analyticCharacteristic"] == [{"name": "sequence", "value": "1"}]
    assert second["analyticCharacteristic"] == [{"name": "sequence", "value": "2"}]
    assert first["eventId"] != second["eventId"]
    assert first["id"] == first["source"]["id"] == first["event"]["troubleTicket"]["id"]


@pytest.fixture
def servicenow_names(site: None) -> None:
    SystemProperty.objects.update_or_create(
        name=EVENT_NAMES.name, domain=None, defaults={"value": "servicenow"}
    )


@pytest.mark.parametrize(("kind", "created"), [("incident", CREATE), ("case", CREATE_FOR_CASE)])
def test_servicenows_names_by_property(
    otto: Api, ticket_admin: Api, servicenow_names: None, kind: str, created: str
) -> None:
    ticket = live_through(otto, ticket_admin, {**MINIMAL, "ticketType": kind})
    made_in_admin = Subscriber(name="bus", transport="http")
    told = [dressed(payload, made_in_admin) for payload in payloads_of(ticket)]
    names = {payload["eventType"] for payload in told}
    changed = "TroubleTicketAttributeChangeEvent"
    assert names == {created, changed, STATUS, INFORMATION, RESOLVED, DELETE}
    assert {payload["@type"] for payload in told} == {"Troubleticket"}
    # Whoever subscribed by a hub of TM Forum's gets its names.
    hub = Subscriber(name="hub", transport="http", hub=Subscriber.Hub.TMF621_V5)
    assert dressed(payloads_of(ticket)[0], hub)["eventType"] == CREATE
