"""A record on screen while others work on it: what one writes is never touched."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from core.actor import actor_of
from incidents.actions import add_work_note, open_incident, update_incident
from incidents.models import Incident
from tests.journeys.browser.desk import Desk, take_seat
from tests.journeys.browser.test_live_lists import look_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def incident(people: Any, now: datetime) -> Incident:
    by = actor_of(people.luis)
    return open_incident(by=by, now=now, short_description="Edge down", values={})


@pytest.fixture
def other_desk(browser: Browser, site_url: str) -> Iterator[Desk]:
    seat = take_seat(browser, site_url)
    yield seat
    seat.page.context.close()


def change(incident: Incident, people: Any, **values: Any) -> None:
    update_incident(
        incident_id=incident.pk, values=values, by=actor_of(people.luis), now=timezone.now()
    )


def open_record(desk: Desk, user: Any, incident: Incident, tab: str = "") -> None:
    desk.sign_in(user)
    with desk.page.expect_response(lambda answer: "/live/changes" in answer.url):
        desk.go(f"/incidents/{incident.number}/{tab}")
    desk.page.evaluate("window.sameDocument = true")


def test_what_somebody_types_survives_the_changes_of_others(
    incident: Incident, people: Any, desk: Desk
) -> None:
    open_record(desk, people.nadia, incident)
    text = desk.page.get_by_label("Text", exact=True)
    text.fill("Checked the power, now the line")
    text.evaluate("area => area.setSelectionRange(7, 14)")
    change(incident, people, impact=1, urgency=1)
    add_work_note(
        incident_id=incident.pk, text="On my way.", by=actor_of(people.luis), now=timezone.now()
    )
    look_again(desk)
    expect(desk.fact("P1")).to_be_visible()
    expect(desk.page.locator("#stream").get_by_text("On my way.")).to_be_visible()
    expect(desk.page.locator("#live-notes")).to_contain_text("luis changed Impact")
    expect(desk.page.locator("#live-notes")).to_contain_text("luis added a work note")
    expect(text).to_have_value("Checked the power, now the line")
    expect(text).to_be_focused()
    assert text.evaluate("area => [area.selectionStart, area.selectionEnd]") == [7, 14]
    assert desk.page.evaluate("window.sameDocument")


def test_my_own_changes_are_shown_and_not_announced(
    incident: Incident, people: Any, desk: Desk
) -> None:
    open_record(desk, people.luis, incident)
    change(incident, people, impact=1, urgency=1)
    look_again(desk)
    expect(desk.fact("P1")).to_be_visible()
    expect(desk.page.locator("#live-notes p")).to_have_count(0)


def test_an_open_dialog_and_menu_stay(incident: Incident, people: Any, desk: Desk) -> None:
    open_record(desk, people.nadia, incident)
    desk.page.get_by_label("More actions").click()
    desk.page.locator("#record-actions .menu-panel a[data-dialog]").first.click()
    expect(desk.dialog()).to_be_visible()
    field = (
        desk.dialog().locator(".dialog-main :is(textarea, select, input:not([type=hidden]))").first
    )
    field.focus()
    change(incident, people, impact=1, urgency=1)
    look_again(desk)
    expect(desk.fact("P1")).to_be_attached()
    expect(desk.dialog()).to_be_visible()
    expect(field).to_be_focused()


def test_a_form_of_the_details_is_left_alone(incident: Incident, people: Any, desk: Desk) -> None:
    open_record(desk, people.nadia, incident, "details/")
    title = desk.page.get_by_label("Short description")
    title.fill("Edge down in the north")
    change(incident, people, impact=1, urgency=1)
    look_again(desk)
    expect(desk.fact("P1")).to_be_visible()
    expect(title).to_have_value("Edge down in the north")
    # Leaving would ask what to do with the unsaved text.
    desk.page.evaluate("document.querySelector('form[data-dirty]').dataset.dirty = ''")


def test_a_paused_record_waits_for_the_key(incident: Incident, people: Any, desk: Desk) -> None:
    open_record(desk, people.nadia, incident)
    desk.press("l")
    change(incident, people, impact=1, urgency=1)
    look_again(desk)
    expect(desk.page.locator("[data-live-apply]")).to_contain_text("updated")
    expect(desk.fact("P1")).to_have_count(0)
    desk.press(".")
    expect(desk.fact("P1")).to_be_visible()
    expect(desk.page.locator("[data-live-apply]")).to_be_hidden()


def test_people_see_who_else_is_here(
    incident: Incident, people: Any, desk: Desk, other_desk: Desk
) -> None:
    open_record(other_desk, people.mei, incident)
    open_record(desk, people.nadia, incident)
    viewing = desk.page.locator("[data-presence]")
    expect(viewing).to_have_text("Viewing: mei")
    with other_desk.page.expect_response(lambda answer: "/live/presence/" in answer.url):
        other_desk.page.get_by_label("Text", exact=True).press_sequentially("I am")
    desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(viewing).to_have_text("Viewing: mei (typing)")
    other_desk.go("/")
    until_alone(desk)


def until_alone(desk: Desk) -> None:
    """Ask again until the farewell of the other has arrived, which may take the longer way."""
    for _ in range(20):
        with desk.page.expect_response(lambda answer: "/live/presence/" in answer.url) as answer:
            desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        if answer.value.json() == {"others": []}:
            break
    expect(desk.page.locator("[data-presence]")).to_be_hidden()
