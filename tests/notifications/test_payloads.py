"""Payloads hold against the published TMF688 and TMF621 schemas (R156)."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from cases.actions import generate_cases
from core.actor import Actor
from incidents.actions import add_comment, update_incident
from incidents.choices import State
from incidents.models import Incident
from notifications.models import StagedEvent
from notifications.payloads import event_payload
from tmf621.schemas import FOLDER

pytestmark = pytest.mark.django_db

CONFORMANCE = Path(__file__).parent.parent / "conformance"
TMF688 = CONFORMANCE / "tmf688/TMF688-Event-v4.0.0.derived.schema.json"
TMF621 = FOLDER / "TMF621-TroubleTicket-v4.0.0.derived.schema.json"


def errors(document: Any, schema: Path, definition: str) -> list[str]:
    whole = json.loads(schema.read_text(encoding="utf-8"))
    part = {"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": f"#/$defs/{definition}"}
    validator = Draft202012Validator(part, format_checker=FormatChecker())
    return [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(document)]


@pytest.fixture
def payloads(
    make_incident: Callable[..., Incident], by: Actor, now: datetime
) -> list[dict[str, Any]]:
    """One event of every kind, as JSON brings it."""
    incident = make_incident(accounts=2)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    add_comment(incident_id=incident.pk, text="We are on it.", by=by, now=now)
    values = {"state": State.IN_PROGRESS}
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)
    staged = StagedEvent.objects.select_related("domain").order_by("pk")
    return [json.loads(json.dumps(event_payload(event))) for event in staged]


def test_every_event_is_a_tmf688_event(payloads: list[dict[str, Any]]) -> None:
    assert len({payload["eventType"] for payload in payloads}) == 3
    for payload in payloads:
        assert errors(payload, TMF688, "Event") == []


def test_every_event_is_the_tmf621_event_its_type_names(payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        assert errors(payload, TMF621, payload["eventType"]) == []
        assert errors(payload["event"]["troubleTicket"], TMF621, "TroubleTicket") == []


def test_the_envelope_tells_ticket_moment_and_place_in_line(
    payloads: list[dict[str, Any]],
) -> None:
    first, second = payloads[:2]
    assert first["correlationId"].startswith("INC")
    assert first["eventTime"].endswith("Z")
    assert first["analyticCharacteristic"] == [{"name": "sequence", "value": "1"}]
    assert second["analyticCharacteristic"] == [{"name": "sequence", "value": "2"}]
    assert first["eventId"] != second["eventId"]
    assert first["id"] == first["event"]["troubleTicket"]["id"]
