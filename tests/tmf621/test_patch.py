"""Otto changes tickets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from cases import actions as cases
from cases.models import Case
from cmdb.models import ConfigurationItem
from core.actor import SYSTEM
from core.models import Domain, DomainEvent
from incidents import actions as incidents
from incidents.models import Incident
from tests.tmf621.conftest import Api, example, incident_of
from tmf621.models import StatusChange
from tmf621.queries import find_ticket


def _statuses(ticket: dict[str, Any]) -> list[str]:
    return [change["status"] for change in ticket["statusChange"]]


def test_the_example_patch_moves_the_ticket(otto: Api) -> None:
    ticket = otto.open()
    patched = otto.patch(ticket["id"], example("ticket-patch-status.request")).json()
    assert (patched["status"], incident_of(patched).state) == ("inProgress", "in_progress")
    assert _statuses(patched) == ["acknowledged", "inProgress"]
    assert patched["statusChange"][-1]["changeReason"] == "L1 investigation started"
    assert patched["statusChangeReason"] == "L1 investigation started"


def test_merge_patch_is_a_media_type_too(otto: Api) -> None:
    ticket = otto.open()
    kind = "application/merge-patch+json; charset=utf-8"
    assert otto.patch(ticket["id"], {"name": "new"}, content_type=kind).json()["name"] == "new"


def test_resolving_needs_nothing_but_the_status(otto: Api) -> None:
    ticket = otto.open()
    patched = otto.patch(ticket["id"], {"status": "Resolved"}).json()
    assert patched["status"] == "resolved"
    assert patched["resolutionDate"]
    assert incident_of(patched).resolution_notes


def test_the_reason_becomes_the_resolution_notes(otto: Api) -> None:
    ticket = otto.open()
    otto.patch(ticket["id"], {"status": "resolved", "statusChangeReason": "fibre spliced"})
    assert incident_of(ticket).resolution_notes == "fibre spliced"


def test_a_work_note_becomes_no_resolution_note(otto: Api) -> None:
    note = {"text": "the customer's fault", "@type": "work_notes"}
    for kind in ("incident", "case"):
        ticket = otto.open(ticketType=kind)
        told = otto.patch(ticket["id"], {"status": "resolved", "note": [note]}).json()
        assert told["status"] == "resolved"
        record = find_ticket(ticket["id"])
        assert note["text"] not in record.resolution_notes


def test_a_major_case_tells_no_work_note_as_its_reason(otto: Api) -> None:
    ticket = otto.open(ticketType="case")
    Case.objects.update(major_state="accepted")
    note = {"text": "the customer's fault", "@type": "work_notes"}
    answer = otto.patch(ticket["id"], {"status": "resolved", "note": [note]})
    assert answer.json()["status"] == "resolved"
    assert note["text"] not in answer.content.decode()


def test_waiting_for_the_customer_and_for_others_differ(otto: Api) -> None:
    ticket = otto.open()
    for status, reason in (("pending", "awaiting_caller"), ("held", "awaiting_vendor")):
        patched = otto.patch(ticket["id"], {"status": status, "statusChangeReason": "why"}).json()
        assert patched["status"] == status
        assert incident_of(ticket).hold_reason == reason
        assert patched["statusChange"][-1]["changeReason"] == "why"
    assert _statuses(patched) == ["acknowledged", "pending", "held"]


def test_a_rejected_ticket_stays_rejected(otto: Api) -> None:
    ticket = otto.open()
    patched = otto.patch(ticket["id"], {"status": "rejected"}).json()
    assert (patched["status"], incident_of(patched).state) == ("rejected", "canceled")
    assert [t["id"] for t in otto.get("?status=rejected").json()] == [ticket["id"]]
    assert otto.get("?status=cancelled").json() == []


def test_the_same_status_is_no_change(otto: Api) -> None:
    ticket = otto.open()
    before = DomainEvent.objects.count()
    answer = otto.patch(ticket["id"], {"status": "acknowledged"})
    assert (answer.status_code, answer.json()) == (200, ticket)
    assert DomainEvent.objects.count() == before


def test_an_illegal_move_names_what_is_allowed(otto: Api) -> None:
    ticket = otto.open()
    answer = otto.patch(ticket["id"], {"status": "closed", "name": "changed"})
    assert (answer.status_code, answer.json()["code"]) == (409, "70")
    assert (
        "allowed: rejected, pending, held, inProgress, cancelled, resolved"
        in answer.json()["message"]
    )
    assert otto.get(f"/{ticket['id']}").json() == ticket


def test_an_unknown_status_is_refused(otto: Api) -> None:
    ticket = otto.open()
    assert otto.patch(ticket["id"], {"status": "foo"}).status_code == 400


def test_a_closed_ticket_takes_nothing_more(otto: Api) -> None:
    ticket = otto.open()
    for status in ("resolved", "closed"):
        otto.patch(ticket["id"], {"status": status})
    for body in ({"name": "x"}, {"note": [{"text": "x"}]}, {"status": "inProgress"}, {"z": 1}):
        assert otto.patch(ticket["id"], body).status_code == 409
    assert otto.patch(ticket["id"], {"status": "closed"}).status_code == 200


@pytest.mark.parametrize("name", ["id", "href", "creationDate", "lastUpdate", "statusChange"])
def test_server_owned_attributes_may_only_be_repeated(otto: Api, name: str) -> None:
    ticket = otto.open()
    assert otto.patch(ticket["id"], {name: ticket[name]}).status_code == 200
    answer = otto.patch(ticket["id"], {name: "2020-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (400, "24")


def test_the_whole_ticket_sent_back_changes_nothing(
    otto: Api, controller: ConfigurationItem
) -> None:
    entity = {"id": controller.name, "role": "affectedCI", "@referredType": "cmdb_ci"}
    ticket = otto.open(note=[{"text": "hi"}], relatedEntity=[entity], category="SD-WAN")
    before = DomainEvent.objects.count()
    again = otto.patch(ticket["id"], ticket).json()
    assert {**again, "lastUpdate": ""} == {**ticket, "lastUpdate": ""}
    assert not DomainEvent.objects.filter(name="incident.noted").exists()
    assert DomainEvent.objects.count() <= before + 1


def test_notes_are_added_and_known_ones_kept(otto: Api) -> None:
    ticket = otto.open(note=[{"text": "first"}])
    notes = [*ticket["note"], {"text": "second"}, {"text": "hush", "@type": "work_notes"}]
    patched = otto.patch(ticket["id"], {"note": notes}).json()
    assert [note["text"] for note in patched["note"]] == ["first", "second"]
    assert "hush" not in str(otto.get(f"/{ticket['id']}").json())
    assert incident_of(ticket).journal.filter(kind="work_note", text="hush").count() == 1


@pytest.mark.parametrize(
    ("kind", "ask", "say", "hush"),
    [
        ("incident", Incident, incidents.add_comment, incidents.add_work_note),
        ("case", Case, cases.add_comment, cases.add_work_note),
    ],
)
def test_what_customers_are_told_makes_a_ticket_newer(
    otto: Api, kind: str, ask: Any, say: Callable[..., Any], hush: Callable[..., Any]
) -> None:
    ticket, later = otto.open(ticketType=kind), timezone.now() + timedelta(minutes=1)
    owner = {f"{kind}_id": ask.objects.get(uid=ticket["id"]).pk, "by": SYSTEM, "now": later}
    hush(**owner, text="router replaced by ours")
    assert otto.get(f"/{ticket['id']}").json()["lastUpdate"] == ticket["lastUpdate"]
    say(**owner, text="We work on it.")
    assert otto.get(f"/{ticket['id']}").json()["lastUpdate"] > ticket["lastUpdate"]
    found = otto.get("?lastUpdate.gt=" + ticket["lastUpdate"]).json()
    assert [each["id"] for each in found] == [ticket["id"]]


def test_severity_moves_the_priority(otto: Api) -> None:
    ticket = otto.open(severity="5")
    patched = otto.patch(ticket["id"], {"severity": "Critical"}).json()
    assert (patched["severity"], patched["priority"]) == ("Critical", "1 - Critical")


def test_a_title_has_one_line_and_the_name_comes_back_whole(otto: Api) -> None:
    ticket = otto.open(name="\n first\r\nBcc: all")
    assert ticket["name"] == "\n first\r\nBcc: all"
    assert incident_of(ticket).short_description == "first"
    patched = otto.patch(ticket["id"], {"name": "second\u2028Bcc: all"}).json()
    assert patched["name"] == "second\u2028Bcc: all"
    assert incident_of(ticket).short_description == "second"


def test_category_words_follow_the_incident(otto: Api) -> None:
    ticket = otto.open(category="SD WAN", subCategory="Protocol Failure")
    Incident.objects.filter(uid=ticket["id"]).update(subcategory="device_failure")
    told = otto.get(f"/{ticket['id']}").json()
    assert (told["category"], told["subCategory"]) == ("SD WAN", "Device failure")


def test_extensions_come_and_go(otto: Api) -> None:
    ticket = otto.open(site="Berlin", rack={"row": 3})
    assert (ticket["site"], ticket["rack"]) == ("Berlin", {"row": 3})
    patched = otto.patch(ticket["id"], {"site": None, "rack": {"row": 4}}).json()
    assert "site" not in patched
    assert patched["rack"] == {"row": 4}
    assert patched["lastUpdate"] > ticket["lastUpdate"]
    assert DomainEvent.objects.filter(name="incident.updated").exists()


@pytest.mark.parametrize("name", ["description", "severity", "ticketType", "status"])
def test_mandatory_attributes_cannot_be_removed(otto: Api, name: str) -> None:
    ticket = otto.open()
    assert otto.patch(ticket["id"], {name: None}).status_code == 400


def test_an_incident_cannot_become_a_case(otto: Api) -> None:
    ticket = otto.open()
    assert otto.patch(ticket["id"], {"ticketType": "Case"}).status_code == 400
    assert otto.patch(ticket["id"], {"ticketType": "fault"}).json()["ticketType"] == "fault"


def test_a_case_is_patched_alike(otto: Api) -> None:
    ticket = otto.open(ticketType="case")
    assert otto.patch(ticket["id"], {"status": "held"}).status_code == 409
    patched = otto.patch(ticket["id"], {"status": "pending", "note": [{"text": "where?"}]}).json()
    assert patched["status"] == "pending"
    assert [note["text"] for note in patched["note"]] == ["where?"]
    patched = otto.patch(ticket["id"], {"status": "resolved"}).json()
    assert _statuses(patched) == ["acknowledged", "pending", "resolved"]


def test_tickets_made_elsewhere_are_told_and_patched(otto: Api) -> None:
    incident = Incident.objects.create(number="INC0099999", short_description="By hand", priority=2)
    told = otto.get(f"/{incident.uid}").json()
    assert (told["severity"], told["ticketType"]) == ("2", "incident")
    assert (told["description"], told["status"]) == ("By hand", "acknowledged")
    assert otto.patch(str(incident.uid), {"externalId": "x-1"}).json()["externalId"] == "x-1"
    assert otto.patch(str(incident.uid), {"status": "inProgress"}).status_code == 200
    assert StatusChange.objects.filter(incident=incident).count() == 1


def test_an_unknown_ticket_is_not_found(otto: Api) -> None:
    for ticket_id in ("nobody", "6f1c2a52-7c1e-4f0e-9a5b-0c1d5e3f7a11", "%00", "1;drop"):
        assert otto.patch(ticket_id, {"name": "x"}).json()["code"] == "60"


def test_a_cases_incident_is_locked_before_the_case(otto: Api, funco: Account) -> None:
    incident = incident_of(otto.open())
    ticket = otto.open(ticketType="case")
    Case.objects.update(incident=incident)
    party = {"id": funco.number, "role": "customer", "@referredType": "Organization"}
    with CaptureQueriesContext(connection) as statements:
        assert otto.patch(ticket["id"], {"relatedParty": [party]}).status_code == 200
    locked = [q["sql"].split('FROM "')[1].split('"')[0] for q in statements if _locks(q["sql"])]
    assert locked[:2] == ["incidents_incident", "cases_case"]


def _locks(statement: str) -> bool:
    return "FOR UPDATE" in statement or "FOR NO KEY UPDATE" in statement


def test_a_customers_case_may_hang_on_the_providers_incident(
    otto: Api, make_client: Callable[..., Api], funco: Account
) -> None:
    """The tenant's client does not see the incident, and still may say whose case it is."""
    tenant = Domain.objects.create(name="Tenant", parent_id=1)
    Account.unscoped.filter(pk=funco.pk).update(domain=tenant)
    bert = make_client("bert", domain=tenant)
    ticket, incident = bert.open(ticketType="case"), incident_of(otto.open())
    Case.objects.filter(uid=ticket["id"]).update(incident=incident)
    party = {"id": funco.number, "role": "customer", "@referredType": "Organization"}
    answer = bert.patch(ticket["id"], {"relatedParty": [party]})
    assert answer.status_code == 200
    assert incident.affected_accounts.get().account == funco
