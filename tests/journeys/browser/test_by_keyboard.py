"""A shift without a mouse: nothing but keys, from signing in to resolving (ux C.10, WCAG 2.1.1)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from core.actor import actor_of
from core.models import User
from incidents.actions import open_incident
from incidents.models import Incident
from tests.journeys.browser.desk import PASSWORD, Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CatchUp = Callable[[], None]
MOST_TABS = 60


@pytest.fixture
def incidents(topology: Any, people: Any, now: Any) -> list[Incident]:
    """Three faults of the same device, the latest on top of the list."""
    return [
        open_incident(
            by=actor_of(people.nadia),
            now=now,
            short_description=f"{name} failed",
            values={
                "ci": topology.controller,
                "category": "sd_wan",
                "subcategory": "device_failure",
            },
        )
        for name in ("First", "Second", "Third")
    ]


def test_a_shift_without_the_mouse(
    incidents: list[Incident], people: Any, workers: CatchUp, desk: Desk
) -> None:
    workers()
    _sign_in(desk, people.nadia)
    _open_the_second_of_the_list(desk)
    _write_a_note(desk)
    _escalate(desk, workers)
    _go_to_the_next_record(desk)
    _resolve(desk)


def _tab_to(desk: Desk, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        desk.page.keyboard.press("Tab")
        if desk.page.get_by_label(name).and_(desk.page.locator(":focus")).count():
            return
    pytest.fail(f"Tab does not reach {name!r} on {desk.page.url}")


def _sign_in(desk: Desk, user: User) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    desk.go("/")
    _type_into(desk, "Username", user.username)
    _type_into(desk, "Password", PASSWORD)
    desk.page.keyboard.press("Enter")
    expect(desk.heading("Home")).to_be_visible()


def _type_into(desk: Desk, name: str, text: str) -> None:
    if not desk.page.get_by_label(name).and_(desk.page.locator(":focus")).count():
        _tab_to(desk, name)
    desk.page.keyboard.type(text)


def _open_the_second_of_the_list(desk: Desk) -> None:
    desk.press("g")
    desk.press("i")
    expect(desk.heading("Incidents")).to_be_visible()
    for key in ("j", "j", "Enter"):
        desk.press(key)
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Second failed")


def _write_a_note(desk: Desk) -> None:
    desk.press("w")
    desk.page.keyboard.type("No light on ge0/0")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.stream()).to_contain_text("No light on ge0/0")


def _escalate(desk: Desk, workers: CatchUp) -> None:
    desk.until(desk.stage().filter(has_text="Triage"))
    desk.press("e")
    expect(desk.dialog().get_by_role("heading").first).to_contain_text("Escalate")
    desk.page.keyboard.type("control connections down")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.dialog()).to_have_count(0)
    workers()
    desk.until(desk.stage().filter(has_text="L1"))


def _go_to_the_next_record(desk: Desk) -> None:
    desk.press("]")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("First failed")
    expect(desk.page.get_by_role("navigation", name="Records of the list")).to_contain_text(
        "3 of 3"
    )
    desk.press("[")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Second failed")
    desk.press("]")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("First failed")


def _resolve(desk: Desk) -> None:
    desk.press("y")
    expect(desk.dialog().get_by_role("heading").first).to_contain_text("Resolve")
    _choose_first_code(desk)
    _type_into(desk, "Resolution notes", "Reseated the card")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.fact("Resolved")).to_be_visible()
    expect(desk.page).to_have_url(re.compile(r"/incidents/INC\d+/$"))


def _choose_first_code(desk: Desk) -> None:
    if not desk.page.get_by_label("Resolution code").and_(desk.page.locator(":focus")).count():
        _tab_to(desk, "Resolution code")
    desk.page.keyboard.press("ArrowDown")
