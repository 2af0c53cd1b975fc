"""Ticket administrators delete; psew keeps the record."""

from collections.abc import Callable
from datetime import datetime

from core.actor import SYSTEM
from core.models import ApiToken, DomainEvent
from incidents.actions import add_comment, update_incident
from incidents.models import Incident
from tests.tmf621.conftest import Api, incident_of


def test_integrators_may_not_delete(otto: Api) -> None:
    ticket = otto.open()
    answer = otto.delete(ticket["id"])
    assert (answer.status_code, answer.json()["code"]) == (403, "50")
    assert otto.get(f"/{ticket['id']}").json() == ticket
    assert "psew.ticket_admin" in answer.json()["message"]


def test_a_deleted_ticket_is_told_no_more(otto: Api, ticket_admin: Api) -> None:
    ticket, other = otto.open(externalId="ems:1"), otto.open()
    assert ticket_admin.delete(ticket["id"]).status_code == 204
    assert otto.get(f"/{ticket['id']}").status_code == 404
    assert otto.patch(ticket["id"], {"name": "x"}).status_code == 404
    assert ticket_admin.delete(ticket["id"]).status_code == 404
    assert [t["id"] for t in otto.get().json()] == [other["id"]]
    assert otto.get()["X-Total-Count"] == "1"


def test_the_record_stays_and_says_why(otto: Api, ticket_admin: Api) -> None:
    ticket = otto.open()
    ticket_admin.delete(ticket["id"])
    incident = incident_of(ticket)
    assert incident.state == "canceled"
    assert incident.journal.filter(text="Deleted through the trouble ticket API.").exists()
    assert DomainEvent.objects.filter(name="incident.deleted", record_id=incident.pk).exists()


def test_later_changes_do_not_bring_it_back(otto: Api, ticket_admin: Api, now: datetime) -> None:
    ticket = otto.open()
    ticket_admin.delete(ticket["id"])
    add_comment(incident_id=incident_of(ticket).pk, text="late", by=SYSTEM, now=now)
    assert otto.get().json() == []


def test_a_deleted_ticket_frees_its_external_id(otto: Api, ticket_admin: Api) -> None:
    ticket = otto.open(externalId="ems:1")
    otto.patch(ticket["id"], {"status": "resolved"})
    otto.patch(ticket["id"], {"status": "inProgress"})
    ticket_admin.delete(ticket["id"])
    assert otto.open(externalId="ems:1")["id"] != ticket["id"]


def test_finished_tickets_and_cases_are_deleted_too(otto: Api, ticket_admin: Api) -> None:
    for kind in ("incident", "case"):
        ticket = otto.open(ticketType=kind)
        for status in ("resolved", "closed"):
            otto.patch(ticket["id"], {"status": status})
        assert ticket_admin.delete(ticket["id"]).status_code == 204
    assert ticket_admin.delete(otto.open(ticketType="case")["id"]).status_code == 204
    assert otto.get().json() == []


def test_a_token_without_the_scope_does_not_delete(
    otto: Api, ticket_admin: Api, make_client: Callable[..., Api]
) -> None:
    ticket = otto.open()
    ApiToken.objects.filter(name="admin_client").update(scopes=["tickets:read"])
    answer = ticket_admin.delete(ticket["id"])
    assert answer.status_code == 403
    assert "tickets:delete" in answer.json()["message"]
    assert ticket_admin.post({}).status_code == 403
    assert ticket_admin.get().status_code == 200
    assert Incident.objects.filter(state="canceled").count() == 0


def test_a_deleted_ticket_holds_no_external_id_when_it_is_opened_again(
    otto: Api, ticket_admin: Api, now: datetime
) -> None:
    ticket = otto.open(externalId="ems:1")
    otto.patch(ticket["id"], {"status": "resolved"})
    assert ticket_admin.delete(ticket["id"]).status_code == 204
    incident = incident_of(ticket)
    update_incident(incident_id=incident.pk, values={"state": "in_progress"}, by=SYSTEM, now=now)
    assert otto.open(externalId="ems:1")["id"] != ticket["id"]
