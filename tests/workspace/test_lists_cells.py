"""Cells changed in the list, the preview of a row, and what a list page may cost."""

import gzip
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact
from core.actor import actor_of
from incidents.actions import add_work_note, update_incident
from incidents.models import Incident
from tests.workspace.lists import open_incidents

pytestmark = pytest.mark.django_db
LARGEST_PAGE, LARGEST_PACKED = 50 * 1024, 10 * 1024
MOST_STATEMENTS = 8


@pytest.fixture
def browser(people: Any, client_as: Any) -> Any:
    return client_as(people.nadia)


@pytest.fixture
def incident(people: Any, now: Any) -> Incident:
    found = open_incidents(1, by=people.nadia, now=now)[0]
    found.refresh_from_db()
    return found


def _url(incident: Incident, column: str) -> str:
    return f"/lists/incidents/{incident.pk}/edit/{column}"


def _seen(browser: Any, url: str) -> dict[str, Any]:
    initial = browser.get(url).context["form"].initial
    return {name: value for name, value in initial.items() if value is not None}


def test_a_cell_is_saved_and_the_fresh_row_comes_back(browser: Any, incident: Any) -> None:
    url = _url(incident, "priority")
    data = {**_seen(browser, url), "impact": 1, "urgency": 1, "reason": "Core is down"}
    answer = browser.post(url, data, headers={"X-Cell": "1", "X-Dialog": "1"})
    incident.refresh_from_db()
    assert incident.priority == 1
    assert f'id="incidents-{incident.pk}-priority"' in answer.content.decode()
    assert answer["X-Saved"] == f"Priority of {incident.number}"
    assert incident.journal.filter(text="Core is down").exists()


def test_without_scripts_it_leads_back_to_the_list(browser: Any, incident: Any) -> None:
    url = _url(incident, "state")
    data = {**_seen(browser, url), "state": "in_progress"}
    answer = browser.post(f"{url}?back=view%3Dall", data)
    assert (answer.status_code, answer["Location"]) == (303, "/lists/incidents/?view=all")


def test_who_was_faster_is_named_and_mine_can_be_kept(
    browser: Any, incident: Any, people: Any, now: Any
) -> None:
    url = _url(incident, "priority")
    seen = _seen(browser, url)
    faster = {"impact": 1, "urgency": 1}
    by = actor_of(people.ada)
    update_incident(incident_id=incident.pk, values=faster, by=by, now=now)
    mine = {**seen, "impact": 2, "urgency": 2}
    answer = browser.post(url, mine)
    assert answer.status_code == 409
    assert answer.context["conflict"].who == str(people.ada)
    text = answer.content.decode()
    assert "Keep mine" in text
    assert "Take theirs" in text
    form = answer.context["form"]
    kept = {**mine, "version": form.data["version"], "seen": form.data["seen"]}
    assert browser.post(url, kept).status_code == 303
    incident.refresh_from_db()
    assert (incident.impact, incident.urgency) == (2, 2)


def test_a_change_elsewhere_in_the_record_is_no_conflict(
    browser: Any, incident: Any, people: Any, now: Any
) -> None:
    url = _url(incident, "state")
    seen = _seen(browser, url)
    other = {"short_description": "Other words"}
    update_incident(incident_id=incident.pk, values=other, by=actor_of(people.ada), now=now)
    assert browser.post(url, {**seen, "state": "in_progress"}).status_code == 303
    incident.refresh_from_db()
    assert (incident.state, incident.short_description) == ("in_progress", "Other words")


def test_only_legal_states_are_offered_and_reasons_have_dialogs(
    browser: Any, incident: Any
) -> None:
    page = browser.get(_url(incident, "state"))
    offered = {value for value, _ in page.context["form"].fields["state"].choices}
    assert offered == {"new", "in_progress"}
    assert f"/incidents/{incident.number}/hold" in page.content.decode()
    refused = browser.post(
        _url(incident, "state"), {**_seen(browser, _url(incident, "state")), "state": "resolved"}
    )
    assert refused.status_code == 422


@pytest.mark.parametrize("column", ["number", "stage", "opened", "password"])
def test_other_columns_are_not_changed_here(browser: Any, incident: Any, column: str) -> None:
    assert browser.get(_url(incident, column)).status_code == 404


def test_a_preview_shows_facts_entries_and_buttons(browser: Any, incident: Any) -> None:
    fragment = browser.get(f"/lists/incidents/peek/{incident.number}").content.decode()
    page = browser.get(f"/lists/incidents/?view=all&peek={incident.number}").content.decode()
    for text in (fragment, page):
        assert f'data-number="{incident.number}"' in text
        assert "Assign to me" in text
        assert "Affected accounts" in text
    assert browser.get("/lists/incidents/peek/INC404").status_code == 404
    assert browser.get("/lists/incidents/?view=all&peek=INC404").context["preview"] is None


def test_a_preview_shows_notes_as_their_record_does(
    browser: Any, incident: Any, people: Any, now: Any
) -> None:
    note = "# Seen\n\n- **loss** on `ge0/1`\n\n<script>alert(1)</script>"
    add_work_note(incident_id=incident.pk, text=note, by=actor_of(people.nadia), now=now)
    fragment = browser.get(f"/lists/incidents/peek/{incident.number}").content.decode()
    assert "<strong>loss</strong> on <code>ge0/1</code>" in fragment
    assert "alert(1)" not in fragment.replace("&lt;script&gt;alert(1)", "")


def test_a_full_page_stays_within_its_budgets(
    client_as: Any, people: Any, topology: Any, groups: Any
) -> None:
    caller = Contact.objects.create(name="Fault management")
    title = "vManage_10001 failed and does not come back after the upgrade of tonight"
    rows = [
        Incident(
            number=f"INC002{n:04}",
            short_description=title,
            caller=caller,
            service=topology.controller,
            assignment_group=groups.l1,
            assigned_to=people.nadia,
            stage="l1",
        )
        for n in range(60)
    ]
    Incident.objects.bulk_create(rows)
    url = "/lists/incidents/?view=all"
    browser = client_as(people.ada)  # rights of other people are asked for apart
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        page = browser.get(url)
    assert len(page.context["page"].rows) == 50
    assert len(captured) <= MOST_STATEMENTS
    assert len(page.content) <= LARGEST_PAGE
    assert len(gzip.compress(page.content)) <= LARGEST_PACKED
