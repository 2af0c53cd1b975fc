"""The impact graph in a real browser: keys, buttons, find, and the way to a customer."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.actor import actor_of
from incidents.actions import open_incident
from incidents.models import Incident
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def incident(topology: Any, people: Any, work: Callable[[], None], now: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="vManage_10001 failed to restart",
        values={"ci": topology.controller},
    )
    work()
    return opened


def test_the_graph_moves_finds_and_leads_to_the_way(
    incident: Incident, people: Any, desk: Desk
) -> None:
    desk.sign_in(people.nadia)
    desk.go(f"/incidents/{incident.number}/impact/")
    page, graph = desk.page, desk.page.get_by_role("region", name="Impact graph")
    begun = _view(page)
    graph.focus()
    for key, holds in (
        ("+", lambda now: now[2] < begun[2]),
        ("ArrowRight", lambda now: now[0] > begun[0]),
        ("0", lambda now: now[2] >= begun[2]),
    ):
        page.keyboard.press(key)
        assert holds(_view(page)), key
    whole = _view(page)
    desk.button("Zoom in").click()
    assert _view(page)[2] < whole[2]
    page.get_by_label("Find in the graph").fill("service 3")
    expect(page.locator("svg.graph .node.lit")).to_have_count(1)
    expect(page.locator("svg.graph .node.dim")).to_have_count(12)
    desk.go(f"/incidents/{incident.number}/customers/")
    page.get_by_role("row", name="Account 2").get_by_title("Show the way in the graph").click()
    expect(page.locator("svg.graph .node.lit")).to_have_count(4)
    expect(page.locator(".graph-note")).to_contain_text("Service 2")
    # A box is a link; Enter on it asks for its own way.
    page.locator("svg.graph .node").filter(has_text="Account 5").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".graph-note")).to_contain_text("Account 5")
    assert desk.complaints == []


def _view(page: Page) -> list[float]:
    box = page.locator("svg.graph").get_attribute("viewBox") or ""
    return [float(number) for number in box.split()]
