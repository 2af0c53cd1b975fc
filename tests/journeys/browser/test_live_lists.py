"""Lists on screen while others work: cells change in place, rows wait, nothing typed is lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from core.actor import actor_of
from incidents.actions import open_incident, resolve_incident, update_incident
from incidents.models import Incident
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
LIST = "/lists/incidents/?view=open"


@pytest.fixture
def rows(people: Any, now: datetime) -> list[Incident]:
    by = actor_of(people.luis)
    return [
        open_incident(by=by, now=now, short_description=f"Fault {n}", values={}) for n in range(3)
    ]


@pytest.fixture
def press_hard(people: Any) -> Callable[[Incident], None]:
    """Return what gives an incident the highest priority."""

    def change(incident: Incident) -> None:
        update_incident(
            incident_id=incident.pk,
            values={"impact": 1, "urgency": 1},
            by=actor_of(people.luis),
            now=timezone.now(),
        )

    return change


def look_again(desk: Desk) -> None:
    """Do what a tab does that comes to the front: it asks at once."""
    with desk.page.expect_response(lambda answer: "/live/changes" in answer.url):
        desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def cell(desk: Desk, incident: Incident, column: str) -> Locator:
    return desk.page.locator(f"#incidents-{incident.pk}-{column}")


def open_list(desk: Desk, people: Any) -> None:
    desk.sign_in(people.nadia)
    with desk.page.expect_response(lambda answer: "/live/changes" in answer.url):
        desk.go(LIST)
    desk.page.evaluate("window.sameDocument = true")


def pill(desk: Desk) -> Locator:
    return desk.page.locator("[data-live-apply]")


def test_a_cell_changes_in_place_while_its_row_is_selected(
    rows: list[Incident], people: Any, desk: Desk, press_hard: Any
) -> None:
    open_list(desk, people)
    box = desk.page.get_by_label(f"Select {rows[1].number}")
    box.check()
    box.focus()
    press_hard(rows[1])
    look_again(desk)
    expect(cell(desk, rows[1], "priority")).to_contain_text("P1")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(desk.page.get_by_text("1 selected")).to_be_visible()
    expect(pill(desk)).to_be_hidden()
    # The new cell can be changed like the old one.
    expect(cell(desk, rows[1], "priority").locator(".cell-edit")).to_have_count(1)
    assert desk.page.evaluate("window.sameDocument")


def test_a_cell_whose_form_is_open_waits(
    rows: list[Incident], people: Any, desk: Desk, press_hard: Any
) -> None:
    open_list(desk, people)
    priority = cell(desk, rows[0], "priority")
    priority.hover()
    priority.locator(".cell-edit").click()
    expect(desk.dialog()).to_be_visible()
    before = priority.inner_text()
    press_hard(rows[0])
    look_again(desk)
    expect(pill(desk)).to_contain_text("1 updated")
    assert priority.inner_text() == before
    desk.press("Escape")
    desk.page.locator("h1").click()
    desk.page.evaluate("document.activeElement.blur()")
    expect(priority).to_contain_text("P1")
    expect(pill(desk)).to_be_hidden()


def test_rows_come_and_go_only_when_asked(
    rows: list[Incident], people: Any, desk: Desk, now: datetime
) -> None:
    open_list(desk, people)
    desk.page.get_by_label(f"Select {rows[1].number}").check()
    luis = actor_of(people.luis)
    fresh = open_incident(by=luis, now=timezone.now(), short_description="Newcomer", values={})
    resolve_incident(
        incident_id=rows[0].pk, code="solved", notes="Done.", by=luis, now=timezone.now()
    )
    look_again(desk)
    expect(pill(desk)).to_contain_text("1 new · 1 left")
    expect(desk.row("Newcomer")).to_have_count(0)
    expect(cell(desk, rows[0], "state")).to_contain_text("Resolved")
    desk.press(".")
    expect(desk.row("Newcomer")).to_have_class("fresh")
    expect(cell(desk, rows[0], "state")).to_have_count(0)
    expect(desk.page.get_by_label(f"Select {rows[1].number}")).to_be_checked()
    expect(desk.page.get_by_label(f"Select {fresh.number}")).not_to_be_checked()
    expect(pill(desk)).to_be_hidden()


def test_a_paused_list_only_counts(
    rows: list[Incident], people: Any, desk: Desk, press_hard: Any
) -> None:
    open_list(desk, people)
    desk.press("l")
    expect(desk.page.locator("[data-live-state]")).to_have_text("Paused")
    press_hard(rows[2])
    look_again(desk)
    expect(pill(desk)).to_contain_text("1 updated")
    expect(cell(desk, rows[2], "priority")).not_to_contain_text("P1")
    desk.page.reload()
    expect(desk.page.locator("[data-live-state]")).to_have_text("Paused")
    desk.press("l")
    expect(desk.page.locator("[data-live-state]")).to_have_text("Live")


def test_a_list_that_was_offline_catches_up(
    rows: list[Incident], people: Any, desk: Desk, press_hard: Any
) -> None:
    open_list(desk, people)
    desk.page.context.set_offline(True)
    press_hard(rows[0])
    desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(cell(desk, rows[0], "priority")).not_to_contain_text("P1")
    desk.page.context.set_offline(False)
    expect(cell(desk, rows[0], "priority")).to_contain_text("P1")
    assert desk.page.evaluate("window.sameDocument")
    # A failed request is what this test is about.
    assert all("ERR_INTERNET_DISCONNECTED" in words for words in desk.complaints)
    desk.complaints.clear()
