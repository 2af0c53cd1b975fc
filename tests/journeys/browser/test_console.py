"""The test console as integrators use it, by the keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
MOST_TABS = 20


def reach(desk: Desk, words: str) -> None:
    """Walk to a button by Tab, starting at the skip link, as one without a mouse does."""
    desk.page.wait_for_load_state("networkidle")
    button = desk.button(words).first
    for _ in range(MOST_TABS):
        desk.press("Tab")
        if button.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"{words} is out of the keyboard's reach.")


def test_a_fault_is_sent_and_sent_again(people: Any, topology: Any, desk: Desk) -> None:
    desk.sign_in(people.ada)
    answer = desk.page.get_by_role("region", name="Answer")
    for face in ("v4", "v5"):
        desk.go(f"/console/?face={face}")
        desk.press("Tab")
        desk.press("Enter")
        reach(desk, "Send")
        desk.press("Enter")
        expect(answer).to_contain_text("201 Created" if face == "v4" else "409 Conflict")
    incident = Incident.objects.get()
    expect(answer.get_by_role("link", name=incident.number)).to_be_visible()
    desk.button("New external id").press("Enter")
    desk.button("Send it").press("Enter")
    expect(answer).to_contain_text("201 Created")
    desk.page.get_by_role("region", name="What it made and why").get_by_role("link").first.click()
    expect(desk.page.get_by_role("heading", level=1)).not_to_contain_text(incident.number)
    assert Incident.objects.count() == 2
