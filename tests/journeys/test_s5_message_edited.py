"""S5: an admin edits a message; the next run posts it, the past stays, a tenant has its own."""

from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.models import Domain
from escalation.models import Message
from incidents.actions import open_incident
from incidents.models import Incident
from tests.journeys.desk import escalate

pytestmark = pytest.mark.django_db
KEY = "sd_wan.device_failure.l1"


def _in_triage(people: Any, now: Any, work: Any, domain_id: int = 1) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Edge down",
        values={"category": "sd_wan", "subcategory": "device_failure"},
        domain_id=domain_id,
    )
    work()
    opened.refresh_from_db()
    return opened


def _instructions(incident: Incident) -> str:
    return str(incident.journal.filter(kind="instructions").latest("pk").text)


def test_the_next_run_posts_the_new_text(people: Any, client_as: Any, now: Any, work: Any) -> None:
    admin: Client = client_as(people.ada)
    nadia: Client = client_as(people.nadia)
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    first, second = _in_triage(people, now, work), _in_triage(people, now, work)
    of_tenant = _in_triage(people, now, work, tenant.pk)
    escalate(nadia, first, "x")
    work()
    before = _instructions(first)

    found = admin.get("/rules/messages/?q=sd_wan").context["rows"].get(key=KEY)
    new = {"version": str(found.version), "text": "New words for {{ incident.number }}"}
    assert admin.post(f"/rules/messages/{found.pk}/", new).status_code == 303
    own = {"key": KEY, "language": "en", "domain": str(tenant.pk), "text": "Words of B"}
    assert admin.post("/rules/messages/new", own).status_code == 303
    for incident in (second, of_tenant):
        escalate(nadia, incident, "x")
    work()

    assert _instructions(first) == before
    assert _instructions(second) == f"New words for {second.number}"
    assert _instructions(of_tenant) == "Words of B"
    assert Message.objects.filter(key=KEY).count() == 2
