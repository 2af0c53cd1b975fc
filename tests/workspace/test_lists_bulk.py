"""Acts on many rows, and the lists people take along."""

import csv
import io
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actor import actor_of
from core.models import Domain, User
from incidents.actions import update_incident
from tests.workspace.lists import open_incidents
from workspace.lists.export import CHUNK
from workspace.sheets import RISKY, safe
from workspace.views import list_bulk

pytestmark = pytest.mark.django_db
BULK = "/lists/incidents/bulk/"
CONFIRM = {"confirmed": "1", "act": "once"}


@pytest.fixture
def browser(people: Any, client_as: Any) -> Any:
    return client_as(people.nadia)


@pytest.fixture
def four(people: Any, now: Any) -> Any:
    """Return four incidents, the last of them canceled."""
    found = open_incidents(4, by=people.nadia, now=now)
    by = actor_of(people.nadia)
    update_incident(incident_id=found[3].pk, values={"state": "canceled"}, by=by, now=now)
    return found


def _ids(records: Any) -> str:
    return ",".join(str(record.pk) for record in records)


def test_the_confirm_page_says_what_fits_and_what_not(browser: Any, four: Any) -> None:
    page = browser.post(f"{BULK}assign", {"ids": _ids(four)})
    assert len(page.context["fit"].fitting) == 3
    text = page.content.decode()
    assert "Assign: 3 of 4" in text
    assert f"<strong>{four[3].number}</strong>" in text
    assert "It is Canceled." in text


def test_the_act_is_done_row_by_row_and_once(browser: Any, four: Any, people: Any) -> None:
    data = {"ids": _ids(four), **CONFIRM, "assignee": str(people.nadia.pk)}
    answer = browser.post(f"{BULK}assign", data)
    assert answer.status_code == 303
    for incident in four[:3]:
        incident.refresh_from_db()
        assert incident.assigned_to == people.nadia
    versions = [incident.version for incident in four[:3]]
    assert browser.post(f"{BULK}assign", data)["Location"] == answer["Location"]
    for incident, version in zip(four[:3], versions, strict=True):
        incident.refresh_from_db()
        assert incident.version == version
    text = browser.get(answer["Location"]).content.decode()
    assert "3 of 3 done" in text
    assert "It is Canceled." in text


def test_the_same_act_asked_for_meanwhile_is_not_done_again(
    browser: Any, four: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"ids": _ids(four), **CONFIRM, "assignee": str(people.nadia.pk)}
    real, meanwhile = list_bulk.carry_out, []

    def carry_out(*given: Any) -> Any:
        meanwhile.append(browser.post(f"{BULK}assign", data)["Location"])
        assert "Assign incidents: under way" in browser.get(meanwhile[0]).content.decode()
        return real(*given)

    monkeypatch.setattr(list_bulk, "carry_out", carry_out)
    answer = browser.post(f"{BULK}assign", data)
    assert meanwhile == [answer["Location"]]
    assert "Assign incidents: 3 of 3 done" in browser.get(answer["Location"]).content.decode()


def test_an_act_that_broke_off_can_be_asked_for_again(
    browser: Any, four: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"ids": _ids(four), **CONFIRM, "assignee": str(people.nadia.pk)}

    def fail(*_: Any) -> None:
        raise ConnectionError("away")

    with monkeypatch.context() as patch:
        patch.setattr(list_bulk, "carry_out", fail)
        with pytest.raises(ConnectionError):
            browser.post(f"{BULK}assign", data)
    answer = browser.post(f"{BULK}assign", data)
    assert "Assign incidents: 3 of 3 done" in browser.get(answer["Location"]).content.decode()


def test_a_refusal_is_told_and_hinders_no_other(browser: Any, four: Any, people: Any) -> None:
    by = actor_of(people.nadia)
    change = {"state": "in_progress"}
    update_incident(incident_id=four[0].pk, values=change, by=by, now=four[0].opened_at)
    data = {"ids": _ids(four[:2]), **CONFIRM, "state": "on_hold", "hold_reason": "awaiting_vendor"}
    text = browser.get(browser.post(f"{BULK}state", data)["Location"]).content.decode()
    four[0].refresh_from_db()
    assert four[0].state == "on_hold"
    assert four[0].number in text


def test_what_is_missing_is_asked_for(browser: Any, four: Any) -> None:
    answer = browser.post(f"{BULK}escalate", {"ids": _ids(four[:1]), **CONFIRM, "notes": ""})
    assert answer.status_code in (200, 422)
    four[0].refresh_from_db()
    assert four[0].runs.count() <= 1
    answer = browser.post(f"{BULK}state", {"ids": _ids(four), **CONFIRM, "state": "on_hold"})
    assert answer.status_code == 422


def test_more_than_a_thousand_rows_travel_in_one_field(browser: Any, four: Any) -> None:
    ids = ",".join([*(str(i.pk) for i in four), *(str(9_000_000 + n) for n in range(1001))])
    page = browser.post(f"{BULK}assign", {"ids": ids})
    assert page.status_code == 200
    assert page.context["fit"].total == 4


def test_all_matching_is_a_signed_address(browser: Any, four: Any, people: Any) -> None:
    matching = browser.get("/lists/incidents/?view=open").context["matching"]
    page = browser.post(f"{BULK}assign", {"matching": matching})
    assert {i.pk for i in page.context["fit"].fitting} == {i.pk for i in four[:3]}
    forged = browser.post(f"{BULK}assign", {"matching": matching + "x"})
    assert forged.status_code == 303
    cases = browser.get("/lists/cases/?view=all").context["matching"]
    assert browser.post(f"{BULK}assign", {"matching": cases}).status_code == 303


def test_foreign_rows_cannot_be_chosen(
    browser: Any, four: Any, people: Any, client_as: Any
) -> None:
    people.nadia.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    people.nadia.save()
    answer = client_as(people.nadia).post(f"{BULK}assign", {"ids": _ids(four)})
    assert answer.status_code == 303


def test_an_act_needs_its_permission(four: Any, client_as: Any) -> None:
    nobody = User.objects.create_user("nobody")
    browser = client_as(nobody)
    assert browser.post(f"{BULK}assign", {"ids": _ids(four)}).status_code == 403
    assert browser.get("/lists/incidents/export.csv").status_code == 403


def test_an_unknown_act_is_not_found(browser: Any) -> None:
    assert browser.post(f"{BULK}paint", {"ids": "1"}).status_code == 404
    assert browser.get("/lists/incidents/bulk/results/none").status_code == 404


def _csv(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_csv_holds_the_filtered_rows_and_visible_columns(browser: Any, four: Any) -> None:
    url = "/lists/incidents/export.csv?view=open&columns=state,accounts&sort=number"
    lines = _csv(browser.get(url))
    assert lines[0] == ["Number", "State", "Affected accounts"]
    assert [line[0] for line in lines[1:]] == [i.number for i in four[:3]]
    assert lines[1][1:] == ["New", "0"]


def test_a_csv_is_streamed_past_one_chunk_outside_the_request(
    browser: Any, people: Any, four: Any, now: Any
) -> None:
    model = type(four[0])
    made = [model(number=f"BULK{n}", short_description="x") for n in range(CHUNK + 1)]
    model.objects.bulk_create(made)
    response = browser.get("/lists/incidents/export.csv?view=all&all=1")
    assert response.streaming
    assert len(_csv(response)) == CHUNK + 1 + 4 + 1


def test_a_workbook_holds_the_rows_as_text(browser: Any, four: Any, people: Any) -> None:
    by = actor_of(people.nadia)
    risky = {"short_description": "=1+1"}
    update_incident(incident_id=four[0].pk, values=risky, by=by, now=four[0].opened_at)
    response = browser.get("/lists/incidents/export.xlsx?view=all&all=1")
    book = ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert four[3].number in sheet
    assert "&#39;=1+1" in sheet or "'=1+1" in sheet
    assert "<f>" not in sheet


def test_the_chosen_rows_alone_are_exported(browser: Any, four: Any) -> None:
    lines = _csv(browser.post("/lists/incidents/export.csv?view=all", {"ids": _ids(four[1:2])}))
    assert [line[0] for line in lines[1:]] == [four[1].number]


@given(st.text())
def test_no_exported_text_is_a_formula(text: str) -> None:
    assert not safe(text).startswith(RISKY)
    assert safe(text).removeprefix("'") == text.removeprefix("'")
