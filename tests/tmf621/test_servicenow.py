"""Story S8: an integration made for ServiceNow is repointed and goes on."""

from typing import Any

import pytest
from django.test import Client

from cmdb.models import ConfigurationItem
from incidents.models import Incident
from tests.tmf621.conftest import Api, incident_of
from tmf621.faces.servicenow import ATTRIBUTES

URL = "/api/sn_ind_tsm_sdwan/ticket/troubleTicket"
MINIMAL = {"description": "Link down", "severity": "2", "status": "New", "ticketType": "Incident"}


@pytest.fixture
def fms(otto: Api) -> Client:
    return otto.client


def _post(fms: Client, **values: Any) -> Any:
    return fms.post(URL, {**MINIMAL, **values}, content_type="application/json")


def _patch(fms: Client, ticket: dict[str, Any], **values: Any) -> Any:
    return fms.patch(f"{URL}/{ticket['id']}", values, content_type="application/json")


def test_the_answer_has_the_fourteen_attributes_and_labels(
    fms: Client, controller: ConfigurationItem
) -> None:
    entity = [{"id": controller.external_id, "@referredType": "cmdb_ci"}]
    answer = _post(fms, name="vManage", relatedEntity=entity, channel={"name": "Monitoring"})
    ticket = answer.json()
    assert answer.status_code == 201
    assert set(ticket) == set(ATTRIBUTES)
    assert (ticket["severity"], ticket["status"], ticket["ticketType"]) == (
        "2 - High",
        "New",
        "Incident",
    )
    assert ticket["href"] == f"{URL}/{ticket['id']}"
    assert answer["Location"] == f"http://testserver{URL}/{ticket['id']}"
    assert incident_of(ticket).ci == controller
    assert fms.get(f"{URL}/{ticket['id']}").json() == ticket


def test_missing_and_wrong_values(fms: Client) -> None:
    assert _post(fms, description=None).status_code == 400
    assert _post(fms, ticketType="Problem").status_code == 400
    assert fms.post(URL, b"", content_type="application/json").status_code == 400
    assert not Incident.objects.exists()
    assert _post(fms, severity="9").json()["severity"] == "4 - Low"
    assert _post(fms, status="foo").json()["status"] == "New"


def test_pages_as_the_document_shows(fms: Client) -> None:
    for n in range(6):
        _post(fms, name=f"t{n}")
    page = fms.get(f"{URL}?limit=2&offset=2")
    assert (page.status_code, page["Content-Range"], page["X-Total-Count"]) == (
        206,
        "items 3-4",
        "6",
    )
    assert 'rel="next"' in page["Link"]
    assert 'rel="prev"' in page["Link"]
    assert fms.get(f"{URL}?limit=1000").status_code == 200
    assert "limit=100" in fms.get(f"{URL}?limit=1000&offset=1")["Link"]


def test_fields_and_unknown_parameters(fms: Client) -> None:
    _post(fms, name="t")
    (told,) = fms.get(f"{URL}?fields=id,name,bogus&sysparm_view=x&sort=y&after=z").json()
    assert set(told) == {"id", "name"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=New", ["a"]),
        ("status=In Progress", ["b"]),
        ("severity=2", ["a"]),
        ("severity=3 - Moderate", ["b"]),
        ("ticketType=Incident", ["b", "a"]),
        ("ticketType=Case", []),
        ("status=New&severity=3", []),
    ],
)
def test_filters(fms: Client, query: str, names: list[str]) -> None:
    _post(fms, name="a")
    _post(fms, name="b", severity="3", status="In Progress")
    assert [t["name"] for t in fms.get(f"{URL}?{query}").json()] == names


def test_a_type_finds_what_it_is_told_of(otto: Api, fms: Client) -> None:
    otto.open(ticketType="Network fault", name="fault")
    otto.open(ticketType="case", name="complaint")
    for word, names in (("Incident", ["fault"]), ("Case", ["complaint"]), ("bogus", [])):
        told = fms.get(f"{URL}?ticketType={word}").json()
        assert [ticket["name"] for ticket in told] == names
        assert {ticket["ticketType"] for ticket in told} <= {word}
    assert len(fms.get(f"{URL}?ticketType=Case,Incident").json()) == 2
    assert otto.get("?@kind=case").status_code == 400


def test_work_notes_stay_inside(fms: Client) -> None:
    ticket = _post(fms).json()
    notes = [{"text": "hush", "@type": "work_notes"}, {"text": "hello", "@type": "comments"}]
    told = _patch(fms, ticket, note=notes).json()
    assert [note["text"] for note in told["note"]] == ["hello"]
    assert "hush" not in str(fms.get(f"{URL}/{ticket['id']}").json())
    assert incident_of(ticket).journal.filter(kind="work_note", text="hush").exists()


def test_labels_move_the_ticket(fms: Client) -> None:
    ticket = _post(fms).json()
    assert _patch(fms, ticket, status="On Hold").json()["status"] == "On Hold"
    told = _patch(fms, ticket, status="Resolved", severity="1").json()
    assert (told["status"], told["severity"]) == ("Resolved", "1 - Critical")
    assert _patch(fms, ticket, status="Nonsense").status_code == 400


def test_both_faces_tell_one_ticket(otto: Api, fms: Client) -> None:
    ticket = _post(fms, ticketType="Service Problem Case").json()
    told = otto.get(f"/{ticket['id']}").json()
    assert (told["status"], told["severity"]) == ("acknowledged", "2")
    assert ticket["ticketType"] == "Case"


def test_what_the_dialect_lacks(fms: Client, make_client: Any) -> None:
    ticket = _post(fms).json()
    answer = fms.delete(f"{URL}/{ticket['id']}")
    assert (answer.status_code, answer.json()["code"]) == (405, "61")
    assert "DELETE" not in answer["Allow"]
    patch = fms.patch(f"{URL}/{ticket['id']}", [], content_type="application/json-patch+json")
    assert (patch.status_code, patch.json()["code"]) == (415, "26")
    assert fms.get(f"{URL}/nobody").json()["code"] == "60"
    assert fms.get("/api/sn_ind_tsm_sdwan/other").json()["code"] == "60"
    assert make_client("weak", role=False).client.get(URL).status_code == 403
