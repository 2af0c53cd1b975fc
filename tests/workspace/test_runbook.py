"""The runbook panel: boxes to tick, what is missing, which message it was."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents.checklist import boxes_of
from incidents.models import Incident, IncidentEntry
from workspace.records.runbook import missing_marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident]) -> Incident:
    return begun("Edge down", subcategory="software_failure")


def _page(client: Any, incident: Incident) -> str:
    text: str = client.get(f"/incidents/{incident.number}/").content.decode()
    return text


def test_every_box_of_the_instructions_becomes_a_button(
    people: Any, client_as: Any, incident: Incident
) -> None:
    entry = incident.journal.get(kind=IncidentEntry.Kind.INSTRUCTIONS)
    boxes = boxes_of(entry.text)
    nadia = client_as(people.nadia)
    page = _page(nadia, incident)
    assert len(boxes) > 3
    assert page.count('role="checkbox"') == len(boxes)
    assert f">0/{len(boxes)}<" in page
    nadia.post(f"/incidents/{incident.number}/runbook/{entry.pk}/0", {"done": "yes"})
    page = _page(nadia, incident)
    assert page.count('aria-checked="true"') == 1
    assert f">1/{len(boxes)}<" in page
    assert "nadia, just now" in page


def test_a_placeholder_without_value_is_a_visible_token(
    people: Any, client_as: Any, incident: Incident
) -> None:
    page = _page(client_as(people.nadia), incident)
    assert '<mark class="missing" title="No value for ci.name">ci.name?</mark>' in page
    assert missing_marked("[x] and [1.2?]") == "[x] and [1.2?]"


def test_only_who_may_change_messages_gets_the_link(
    people: Any, client_as: Any, incident: Incident
) -> None:
    assert "Edit message" in _page(client_as(people.ada), incident)
    assert "Edit message" not in _page(client_as(people.nadia), incident)


def test_a_done_stage_leads_to_its_part_of_the_stream(
    people: Any, client_as: Any, incident: Incident, work: Callable[[], None]
) -> None:
    client = client_as(people.nadia)
    url = f"/incidents/{incident.number}/escalate"
    client.post(url, {"seen_stage": "triage", "notes": "Up"})
    work()
    page = _page(client, incident)
    assert f'href="/incidents/{incident.number}/?of=triage#activity"' in page
    run = incident.runs.filter(subflow__stage="l1").get()
    decided = run.plan["decision"]
    assert f"row {decided['row']}, v{decided['version']}</a>" in page
    assert "Only Triage" in client.get(f"/incidents/{incident.number}/?of=triage").content.decode()
