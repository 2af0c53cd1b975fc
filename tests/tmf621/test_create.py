"""Otto reports faults."""

import re
from typing import Any

import pytest

from accounts.models import Account
from cases.models import Case
from cmdb.models import ConfigurationItem
from core.models import DomainEvent
from incidents.models import Incident, IncidentEntry
from tests.tmf621.conftest import MINIMAL, URL, Api, check, example, incident_of


def test_the_example_becomes_an_incident(
    otto: Api, controller: ConfigurationItem, funco: Account
) -> None:
    request = example("ticket-create.request")
    ticket = otto.post(request).json()
    incident = incident_of(ticket)
    assert (incident.category, incident.subcategory) == ("sd_wan", "protocol_failure")
    assert (incident.impact, incident.urgency, incident.priority) == (1, 1, 1)
    assert (incident.ci, incident.account, incident.channel) == (controller, funco, "monitoring")
    assert (incident.origin, incident.origin_label) == ("api", "fms")
    echoed = {
        k: v for k, v in request.items() if k not in ("note", "relatedEntity", "relatedParty")
    }
    assert {k: ticket[k] for k in echoed} == echoed


def test_the_answer_looks_like_the_published_example(
    otto: Api, controller: ConfigurationItem, funco: Account
) -> None:
    ticket = otto.post(example("ticket-create.request")).json()
    wanted = set(example("ticket.response")) - {"expectedResolutionDate"}
    assert wanted <= set(ticket)
    assert ticket["status"] == "acknowledged"
    assert ticket["priority"] == "1 - Critical"
    assert ticket["statusChange"][0]["changeReason"] == "created by TMF621 client"


def test_the_answer_names_the_address_absolutely(otto: Api) -> None:
    answer = otto.post(MINIMAL)
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{URL}/{answer.json()['id']}"
    assert answer["Location"] == answer.json()["href"]
    assert otto.client.get(answer["Location"]).json() == answer.json()


def test_a_trailing_slash_is_no_redirect(otto: Api) -> None:
    assert otto.send("POST", "/", MINIMAL).status_code == 201


@pytest.mark.parametrize("attribute", ["description", "severity", "ticketType"])
def test_mandatory_attributes_are_asked_for(otto: Api, attribute: str) -> None:
    answer = otto.post({k: v for k, v in MINIMAL.items() if k != attribute})
    assert (answer.status_code, answer.json()["code"]) == (400, "23")
    assert attribute in answer.json()["message"]
    assert not Incident.objects.exists()


def test_an_unknown_severity_is_low_and_echoed(otto: Api) -> None:
    ticket = otto.open(severity="9")
    assert (ticket["severity"], ticket["priority"]) == ("9", "4 - Low")


def test_an_unknown_status_is_kept_in_the_history(otto: Api) -> None:
    ticket = otto.open(status="foo")
    assert ticket["status"] == "acknowledged"
    assert [c["changeReason"] for c in ticket["statusChange"]] == ["foo"]


@pytest.mark.parametrize("status", ["closed", "resolved"])
def test_nobody_starts_with_a_finished_ticket(otto: Api, status: str) -> None:
    ticket = otto.open(status=status)
    assert ticket["status"] == "acknowledged"
    assert ticket["statusChange"][0]["changeReason"] == status


@pytest.mark.parametrize("status", ["In Progress", "pending", "held"])
def test_an_open_status_is_entered_at_once(otto: Api, status: str) -> None:
    ticket = otto.open(status=status)
    wanted = "inProgress" if status == "In Progress" else status
    assert [c["status"] for c in ticket["statusChange"]] == ["acknowledged", wanted]


def test_an_unknown_type_is_an_incident_and_echoed(otto: Api) -> None:
    ticket = otto.open(ticketType="complaint")
    assert ticket["ticketType"] == "complaint"
    assert incident_of(ticket)


def test_a_case_ticket_becomes_a_case(otto: Api, funco: Account) -> None:
    party = {"id": "ACC0000021", "role": "customer", "@referredType": "Organization"}
    ticket = otto.open(ticketType="Case", severity="5", relatedParty=[party])
    case = Case.objects.get(uid=ticket["id"])
    assert (case.account, case.priority, ticket["ticketType"]) == (funco, 4, "Case")
    assert str(case.contact) == "Fay"


def test_an_item_is_found_in_any_case(otto: Api, controller: ConfigurationItem) -> None:
    entity = {"id": "Vmanage_10001", "role": "affectedCI", "@referredType": "cmdb_ci"}
    assert incident_of(otto.open(relatedEntity=[entity])).ci == controller


def test_an_item_is_found_by_its_uid(otto: Api, controller: ConfigurationItem) -> None:
    entity = {"id": str(controller.uid), "@referredType": "cmdb_ci"}
    ticket = otto.open(relatedEntity=[entity])
    assert incident_of(ticket).ci == controller
    assert len(ticket["relatedEntity"]) == 1


def test_a_service_is_no_configuration_item(
    otto: Api, controller: ConfigurationItem, service: ConfigurationItem
) -> None:
    names = [service.name, controller.name]
    ticket = otto.open(relatedEntity=[{"id": name} for name in names])
    incident = incident_of(ticket)
    assert (incident.ci, incident.service) == (controller, service)


def test_an_unknown_item_is_said_and_refuses_nothing(otto: Api) -> None:
    entity = {"id": "nobody", "role": "affectedCI", "@referredType": "cmdb_ci"}
    ticket = otto.open(relatedEntity=[entity])
    incident = incident_of(ticket)
    assert incident.ci is None
    assert ticket["relatedEntity"] == [entity]
    texts = incident.journal.filter(kind="system").values_list("text", flat=True)
    assert "No configuration item matches “nobody”." in texts


def test_a_caller_is_found_among_the_parties(otto: Api, funco: Account) -> None:
    parties = [
        {"id": "funco intl", "@referredType": "customer"},
        {"id": "fay@funco.example", "@referredType": "customer_contact"},
    ]
    incident = incident_of(otto.open(relatedParty=parties))
    assert (incident.account, str(incident.caller)) == (funco, "Fay")


def test_work_notes_never_come_back(otto: Api) -> None:
    notes = [
        {"text": "secret step", "@type": "work_notes", "author": "ems-1"},
        {"text": "hello customer", "author": "ems-1"},
    ]
    ticket = otto.open(note=notes)
    told = [(n["text"], n["author"], n["@type"]) for n in ticket["note"]]
    assert told == [("hello customer", "ems-1", "comments")]
    assert b"secret step" not in otto.get().content
    kinds = incident_of(ticket).journal.filter(actor_name="ems-1").values_list("kind", flat=True)
    assert set(kinds) == {IncidentEntry.Kind.WORK_NOTE, IncidentEntry.Kind.COMMENT}


def test_characteristics_carry_the_category_as_well(otto: Api) -> None:
    named = [
        {"name": "category", "value": "SD WAN"},
        {"name": "subCategory", "value": "Device Failure"},
    ]
    incident = incident_of(otto.open(troubleTicketCharacteristic=named))
    assert (incident.category, incident.subcategory) == ("sd_wan", "device_failure")


def test_an_unknown_category_is_echoed(otto: Api) -> None:
    ticket = otto.open(category="Coffee", subCategory="Cold")
    assert (ticket["category"], ticket["subCategory"]) == ("Coffee", "Cold")
    assert incident_of(ticket).category == ""


def test_a_long_name_is_echoed_whole(otto: Api) -> None:
    assert otto.open(name="n" * 500)["name"] == "n" * 500


def test_server_owned_attributes_are_ignored(otto: Api) -> None:
    ticket = otto.open(id="mine", priority="0", creationDate="1999-01-01T00:00:00Z")
    assert ticket["id"] != "mine"
    assert not ticket["creationDate"].startswith("1999")


def test_moments_end_in_z(otto: Api) -> None:
    ticket = otto.open()
    for name in ("creationDate", "lastUpdate", "statusChangeDate"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", ticket[name])


def test_one_event_tells_of_the_whole_ticket(otto: Api) -> None:
    otto.open(note=[{"text": "hello"}], externalId="ems-1:1")
    names = DomainEvent.objects.values_list("name", flat=True)
    assert list(names) == ["incident.opened"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": [{}]},
        {"note": [{"text": 5}]},
        {"note": "hello"},
        {"note": ["hello"]},
        {"relatedEntity": [{"role": "affectedCI"}]},
        {"relatedParty": [{"id": 7}]},
        {"relatedParty": {}},
        {"channel": "phone"},
        {"channel": {}},
        {"description": 5},
        {"ticketType": ["incident"]},
        {"severity": True},
        {"severity": "x" * 81},
        {"externalId": {}},
        {"requestedResolutionDate": "tomorrow"},
        {"requestedResolutionDate": "2024-02-24T08:32:52"},
        {"attachment": [{"size": {"amount": "big"}}]},
        {"attachment": [{"validFor": {"startDateTime": "now"}}]},
        {"note": [{"text": "x"}] * 101},
        {"@type": 5},
    ],
)
def test_a_wrong_type_is_refused(otto: Api, wrong: dict[str, Any]) -> None:
    answer = otto.post({**MINIMAL, **wrong})
    assert (answer.status_code, answer.json()["code"][0]) == (400, "2")
    assert not Incident.objects.exists()


def test_the_published_error_example_is_of_our_shape() -> None:
    for name in ("error-400.response", "error-409.response"):
        check("Error", example(name))


@pytest.mark.parametrize("outside", [5, {"@type": 6}, {"role": 7}])
def test_what_only_v5_tells_has_its_types_in_v4_too(otto: Api, outside: Any) -> None:
    entity = {"id": "q", "@relation": outside}
    answer = otto.post({**MINIMAL, "relatedEntity": [entity]})
    assert (answer.status_code, answer.json()["code"]) == (400, "24")
