"""S2 and S3 as people see them: the whole ladder, then single cases resolved with the incident."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Case
from cases.properties import THRESHOLD
from incidents.models import Incident
from tests.cases.conftest import set_property
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CatchUp = Callable[[], None]
LADDER = (
    ("nadia", "L1", "L1 Network Engineering"),
    ("luis", "L2", "L2 Network Engineering"),
    ("mei", "L3", "L3 Network Engineering"),
)


def test_up_the_ladder_and_down_again(
    flapping: Incident, people: Any, workers: CatchUp, desk: Desk
) -> None:
    set_property(THRESHOLD, "10")
    page = f"/incidents/{flapping.number}/"
    for who, stage, group in LADDER:
        desk.sign_in(getattr(people, who))
        desk.go(page)
        desk.escalate(
            heading=f"Escalate {flapping.number}",
            note=f"Seen by {who}",
            button=f"Escalate to {group}",
        )
        workers()
        desk.until(desk.stage().filter(has_text=stage))
        desk.until(desk.fact(group))
    desk.sign_in(people.ivar)
    _nothing_is_above_the_last_level(desk, page)
    _one_open_task_is_left(desk, page)
    _single_cases_are_raised(desk, page)
    _and_resolved_with_the_incident(desk, page, flapping, workers)


def _nothing_is_above_the_last_level(desk: Desk, page: str) -> None:
    desk.go(page)
    escalate = desk.button("Escalate")
    expect(escalate).to_have_attribute("aria-disabled", "true")
    expect(escalate).to_have_accessible_description(
        "No further escalation: L3 investigation is the last level."
    )


def _one_open_task_is_left(desk: Desk, page: str) -> None:
    desk.go(f"{page}tasks/")
    rows = desk.page.locator("main").get_by_text("Closed Complete", exact=True)
    expect(rows).to_have_count(3)
    expect(desk.page.locator("main").get_by_text("Work in Progress", exact=True)).to_have_count(1)


def _single_cases_are_raised(desk: Desk, page: str) -> None:
    desk.go(page)
    desk.link("Generate proactive cases").click()
    expect(desk.dialog()).to_contain_text("5 new cases")
    desk.dialog().get_by_role("button", name="Create 5 cases").click()
    expect(desk.card("Cases")).to_have_text("5")


def _and_resolved_with_the_incident(
    desk: Desk, page: str, incident: Incident, workers: CatchUp
) -> None:
    desk.press("y")
    desk.dialog().get_by_label("Resolution code").select_option("solved_permanently")
    desk.dialog().get_by_label("Resolution notes").fill("Fibre spliced")
    desk.dialog().get_by_role("button", name="Resolve incident").click()
    expect(desk.fact("Resolved")).to_be_visible()
    workers()
    desk.until(desk.stage().filter(has_text="Resolution"))
    cases = desk.page.get_by_role("table", name="Cases of this incident")
    desk.until(cases.get_by_text("Resolved", exact=True).nth(4))
    expect(desk.stream()).not_to_contain_text("There is a major case")
    assert set(Case.objects.values_list("resolution_notes", flat=True)) == {"Fibre spliced"}
