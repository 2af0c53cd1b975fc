"""The side panel: what the client sent along, and who follows."""

from typing import Any

import pytest

from core.actor import actor_of
from incidents.actions import open_incident
from incidents.models import Incident
from tmf621.models import AttachmentContent, TicketFacts

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(people: Any, now: Any) -> Incident:
    return open_incident(by=actor_of(people.nadia), now=now, short_description="down", values={})


@pytest.fixture
def facts(incident: Incident, otto: Any) -> TicketFacts:
    files = [
        {"id": "a", "name": "trace.txt", "mimeType": "text/plain"},
        {
            "id": "b",
            "url": "https://ems.example/7.png",
            "size": {"amount": 3, "units": "kB"},
        },
        {"id": "c", "name": "evil", "url": "javascript:alert(1)"},
        {"id": "d", "name": "broken"},
    ]
    made: TicketFacts = TicketFacts.objects.create(
        incident=incident, client=otto, external_id="ems:7", extra={"attachment": files}
    )
    for key, content in (("a", "aGVsbG8="), ("d", "HBWEM")):
        AttachmentContent.objects.create(facts=made, attachment=key, content=content)
    return made


def test_it_shows_what_the_client_sent(
    people: Any, client_as: Any, incident: Incident, facts: TicketFacts
) -> None:
    page = client_as(people.nadia).get(f"/incidents/{incident.number}/").content.decode()
    assert "<code>ems:7</code>" in page
    assert f'href="/incidents/{incident.number}/attachments/a"' in page
    assert 'href="https://ems.example/7.png"' in page
    assert "3 kB" in page
    assert "javascript:" not in page
    assert "evil" in page


def test_embedded_content_is_handed_out_as_a_file(
    people: Any, client_as: Any, incident: Incident, facts: TicketFacts
) -> None:
    nadia, address = client_as(people.nadia), f"/incidents/{incident.number}/attachments/"
    answer = nadia.get(f"{address}a")
    assert answer.content == b"hello"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/octet-stream",
        "attachment",
    )
    for nothing in ("b", "d", "nope"):
        assert nadia.get(address + nothing).status_code == 404


def test_an_attachment_belongs_to_its_incident(
    people: Any, client_as: Any, incident: Incident, facts: TicketFacts, now: Any
) -> None:
    other = open_incident(by=actor_of(people.nadia), now=now, short_description="other", values={})
    answer = client_as(people.nadia).get(f"/incidents/{other.number}/attachments/a")
    assert answer.status_code == 404


def test_one_may_watch_and_stop(people: Any, client_as: Any, incident: Incident) -> None:
    nadia, page = client_as(people.nadia), f"/incidents/{incident.number}/"
    assert ">Watch</button>" in nadia.get(page).content.decode()
    nadia.post(f"{page}watch", {"on": "yes"})
    assert ">Stop watching</button>" in nadia.get(page).content.decode()
    assert list(incident.watch_list.all()) == [people.nadia]
    nadia.post(f"{page}watch", {"on": "no"})
    assert not incident.watch_list.exists()
