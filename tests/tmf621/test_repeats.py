"""One open ticket per client and external id."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone

from core.actor import SYSTEM
from core.models import Domain, SystemProperty, User
from core.scope import everything
from incidents.actions import update_incident
from incidents.models import Incident
from tests.tmf621.conftest import MINIMAL, URL, Api, incident_of
from tmf621.actions import create_ticket
from tmf621.drafts import Draft
from tmf621.models import TicketFacts

ALARM = {**MINIMAL, "externalId": "ems:1"}
PROPERTY = "psew.tmf621.repeated_external_id"


def _set(way: str) -> None:
    SystemProperty.objects.filter(name=PROPERTY).update(value=way)


def test_a_second_report_names_the_open_ticket(otto: Api) -> None:
    ticket = otto.open(externalId="ems:1")
    answer = otto.post(ALARM)
    assert (answer.status_code, answer.json()["code"]) == (409, "71")
    assert ticket["id"] in answer.json()["message"]
    assert answer["Location"] == ticket["href"]
    assert Incident.objects.count() == 1


def test_other_clients_have_ids_of_their_own(otto: Api, make_client: Callable[..., Api]) -> None:
    otto.open(externalId="ems:1")
    assert make_client("other").post(ALARM).status_code == 201


def test_a_client_begins_anew_in_another_domain(make_client: Callable[..., Api]) -> None:
    a, b = (Domain.objects.create(name=name, parent_id=1) for name in "AB")
    client = make_client("mover", domain=a)
    left = client.open(externalId="ems:1")
    _set("return")
    User.objects.filter(username="mover").update(domain=b)
    opened = client.open(externalId="ems:1")
    assert opened["id"] != left["id"]
    assert client.post(ALARM).json() == opened


def test_a_site_may_answer_with_the_open_ticket(otto: Api) -> None:
    ticket = otto.open(externalId="ems:1")
    _set("return")
    answer = otto.post({**ALARM, "note": [{"text": "again"}]})
    assert (answer.status_code, answer.json()) == (200, ticket)
    assert answer["Location"] == ticket["href"]


def test_a_site_may_note_that_it_was_reported_again(otto: Api) -> None:
    ticket = otto.open(externalId="ems:1")
    _set("append")
    answer = otto.post({**ALARM, "description": "Still down", "note": [{"text": "since noon"}]})
    assert (answer.status_code, answer.json()["id"]) == (200, ticket["id"])
    assert [note["text"] for note in answer.json()["note"]] == ["since noon"]
    work_note = incident_of(ticket).journal.get(kind="work_note")
    assert work_note.text == "Reported again (severity 2): Still down"


@pytest.mark.parametrize("end", ["resolved", "cancelled", "rejected"])
def test_a_ticket_that_is_over_gives_the_id_back(otto: Api, end: str) -> None:
    ticket = otto.open(externalId="ems:1")
    assert otto.patch(ticket["id"], {"status": end}).status_code == 200
    assert otto.open(externalId="ems:1")["id"] != ticket["id"]


@pytest.mark.parametrize("kind", ["incident", "case"])
def test_a_resolved_ticket_takes_no_id(otto: Api, kind: str) -> None:
    ticket = otto.open(ticketType=kind)
    otto.patch(ticket["id"], {"status": "resolved"})
    assert otto.patch(ticket["id"], {"externalId": "ems:1"}).status_code == 200
    assert otto.open(externalId="ems:1")["id"] != ticket["id"]


def test_a_case_gives_the_id_back_too(otto: Api) -> None:
    ticket = otto.open(externalId="ems:1", ticketType="Case")
    otto.patch(ticket["id"], {"status": "resolved"})
    assert otto.post({**ALARM, "ticketType": "Case"}).status_code == 201


def test_a_reopened_ticket_takes_the_id_back_where_it_is_free(otto: Api, now: datetime) -> None:
    ticket = otto.open(externalId="ems:1")
    otto.patch(ticket["id"], {"status": "resolved"})
    otto.patch(ticket["id"], {"status": "inProgress"})
    assert otto.post(ALARM).status_code == 409


def test_an_agent_may_reopen_a_ticket_whose_id_went_on(otto: Api, now: datetime) -> None:
    first = otto.open(externalId="ems:1")
    otto.patch(first["id"], {"status": "resolved"})
    second = otto.open(externalId="ems:1")
    pk = incident_of(first).pk
    update_incident(incident_id=pk, values={"state": "in_progress"}, by=SYSTEM, now=now)
    assert otto.post(ALARM)["Location"] == second["href"]
    assert TicketFacts.objects.filter(external_id="ems:1").count() == 2


def test_a_patch_cannot_take_another_tickets_id(otto: Api) -> None:
    otto.open(externalId="ems:1")
    other = otto.open(externalId="ems:2")
    assert otto.patch(other["id"], {"externalId": "ems:1"}).status_code == 409
    assert otto.get(f"/{other['id']}").json() == other
    assert otto.patch(other["id"], {"externalId": "ems:3"}).status_code == 200
    assert otto.post({**ALARM, "externalId": "ems:2"}).status_code == 201
    assert otto.post({**ALARM, "externalId": "ems:3"}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_twenty_reports_at_once_open_one_ticket(base: None) -> None:
    client = User.objects.create_user("fms", is_api_client=True)
    rivals = 20 if connection.vendor == "postgresql" else 1
    barrier, ends = threading.Barrier(rivals), []

    def report() -> None:
        draft = Draft(description="x", severity="2", ticket_type="incident", external_id="ems:1")
        barrier.wait()
        try:
            with everything():
                create_ticket(draft=draft, client=client, now=timezone.now())
            ends.append("opened")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=report) for _ in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["IntegrityError"] * (rivals - 1) + ["opened"]
    assert Incident.objects.count() == TicketFacts.objects.count() == 1


def test_the_loser_of_a_race_is_told_of_the_winner(
    otto: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner = otto.open(externalId="ems:1")
    looks = []

    def late(external_id: str, client: User) -> Incident | None:
        looks.append(external_id)
        return None if len(looks) == 1 else incident_of(winner)

    monkeypatch.setattr("tmf621.api.tickets.holder_of", late)
    answer = otto.post(ALARM)
    assert (answer.status_code, answer["Location"]) == (
        409,
        f"http://testserver{URL}/{winner['id']}",
    )
    assert looks == ["ems:1", "ems:1"]
