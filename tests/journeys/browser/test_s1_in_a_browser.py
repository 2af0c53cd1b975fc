"""S1 as people see it: every step through the browser, judged by what it shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Notice
from changes.models import ChangeRequest
from core.models import ApiToken, SystemProperty, User
from core.models.tokens import hashed
from tests.journeys.browser.desk import Desk
from tests.journeys.test_s1_vmanage import TICKET, TICKETS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CatchUp = Callable[[], None]


@pytest.fixture
def post_ticket(otto: User, site_url: str) -> Callable[[], str]:
    """Return a function that reports the fault over the network and returns its title."""
    ApiToken.objects.create(user=otto, name="browser", digest=hashed("psew_secret"))

    def post() -> str:
        answer = urllib3.request(
            "POST",
            f"{site_url}{TICKETS}",
            json=TICKET,
            headers={"Authorization": "Bearer psew_secret"},
            timeout=60,
            retries=False,
        )
        assert answer.status == 201, answer.data
        return str(answer.json()["name"])

    return post


@pytest.fixture
def comments_switched_on(base: None) -> None:
    SystemProperty.objects.update_or_create(
        name="proactive_workflows_for_providers.additional_comments_sync",
        domain=None,
        defaults={"value": "true"},
    )


@pytest.fixture
def change(topology: Any) -> ChangeRequest:
    return ChangeRequest.objects.create(
        number="CHG0030740", short_description="Upgrade vManage_10001", ci=topology.controller
    )


def test_the_whole_story(
    people: Any,
    change: ChangeRequest,
    comments_switched_on: None,
    post_ticket: Callable[[], str],
    workers: CatchUp,
    desk: Desk,
) -> None:
    title = post_ticket()
    workers()
    number = _nadia_hands_over(desk, people, title, workers)
    _luis_raises_the_cases(desk, people, number, workers)
    _mei_tells_one_customer(desk, people, number, workers)
    _mei_resolves(desk, number, workers)
    _kim_resolves_the_major_case(desk, people, workers)


def _nadia_hands_over(desk: Desk, people: Any, title: str, workers: CatchUp) -> str:
    desk.sign_in(people.nadia)
    desk.link("Incidents").click()
    record = desk.row(title).get_by_role("rowheader").get_by_role("link")
    number = record.inner_text().strip()
    record.click()
    desk.until(desk.stage().filter(has_text="Triage"))
    desk.until(desk.card("Affected accounts").filter(has_text="5"))
    counts = {"Affected CIs": "1", "Impacted services": "6", "Cases": "0"}
    for label, count in counts.items():
        expect(desk.card(label)).to_have_text(count)
    desk.button("Link as cause").click()
    expect(desk.fact("CHG0030740")).to_be_visible()
    desk.escalate(
        heading=f"Escalate {number}",
        note="control connections down",
        button="Escalate to L1 Network Engineering",
    )
    workers()
    desk.until(desk.stage().filter(has_text="L1"))
    desk.until(desk.fact("L1 Network Engineering"))
    return number


def _luis_raises_the_cases(desk: Desk, people: Any, number: str, workers: CatchUp) -> None:
    desk.sign_in(people.luis)
    desk.go(f"/incidents/{number}/")
    desk.link("Generate proactive cases").click()
    expect(desk.dialog()).to_contain_text("1 major case and 5 new child cases")
    desk.dialog().get_by_role("button", name="Create 5 cases and 1 major case").click()
    expect(desk.card("Cases")).to_have_text("6")
    workers()
    desk.link("Details").click()
    desk.page.get_by_label("Sub category").select_option(label="Device failure")
    desk.button("Save").click()
    expect(desk.page.locator("aside")).to_contain_text("Device failure")
    desk.go(f"/incidents/{number}/")
    desk.escalate(
        heading=f"Escalate {number}",
        note="cannot be rebooted",
        button="Escalate to L2 Network Engineering",
    )
    workers()
    desk.until(desk.stage().filter(has_text="L2"))
    desk.until(desk.fact("L2 Network Engineering"))


def _mei_tells_one_customer(desk: Desk, people: Any, number: str, workers: CatchUp) -> None:
    words = "Please power-cycle the CPE"
    desk.sign_in(people.mei)
    desk.go(f"/incidents/{number}/")
    cases = desk.page.get_by_role("table", name="Cases of this incident")
    chosen = cases.get_by_role("row").filter(has_text="Account 5")
    other = cases.get_by_role("row").filter(has_text="Account 4")
    paths = [row.get_by_role("link").get_attribute("href") for row in (chosen, other)]
    chosen.get_by_role("checkbox").check()
    desk.page.locator("#cases").get_by_role("button", name="Notify customers").click()
    expect(desk.page.locator("main")).to_contain_text("Goes to 1 customer, and to nobody else")
    desk.page.get_by_label("Message to the customers").fill(words)
    desk.button("Send to 1 contact").click()
    expect(desk.page.locator("main")).to_contain_text("Nothing has left yet")
    Notice.objects.update(leaves_at=timezone.now())
    workers()
    desk.until(desk.page.get_by_role("table").filter(has_text="sent"))
    desk.go(f"/incidents/{number}/")
    expect(desk.stream()).to_contain_text(words)
    told, untold = (str(path) for path in paths)
    desk.go(told)
    expect(desk.stream()).to_contain_text(words)
    desk.until(desk.page.locator("main").get_by_text("c5@a5.example").first)
    desk.go(untold)
    expect(desk.stream()).not_to_contain_text(words)
    desk.go(f"/incidents/{number}/")


def _mei_resolves(desk: Desk, number: str, workers: CatchUp) -> None:
    desk.press("y")
    dialog = desk.dialog()
    expect(dialog).to_contain_text("5 child cases. None of them is resolved")
    dialog.get_by_label("Resolution code").select_option("solved_permanently")
    dialog.get_by_label("Resolution notes").fill("Rolled back")
    dialog.get_by_label("Probable cause").fill("Failed upgrade")
    dialog.get_by_role("button", name="Resolve incident").click()
    expect(desk.fact("Resolved")).to_be_visible()
    workers()
    desk.until(desk.stage().filter(has_text="Resolution"))
    note = "There is a major case associated with this incident."
    desk.until(desk.stream().filter(has_text=note))


def _kim_resolves_the_major_case(desk: Desk, people: Any, workers: CatchUp) -> None:
    desk.sign_in(people.kim)
    desk.go("/lists/cases/?view=major")
    desk.page.get_by_role("rowheader").get_by_role("link").click()
    facts = desk.page.get_by_role("region", name="Facts")
    expect(facts).to_contain_text("Rolled back")
    desk.press("y")
    expect(desk.dialog()).to_contain_text("5 open child cases are resolved with it")
    desk.dialog().get_by_label("Resolution notes").fill("Restored")
    desk.dialog().get_by_role("button", name="Resolve case").click()
    expect(desk.fact("Resolved")).to_be_visible()
    workers()
    children = desk.page.get_by_role("region", name="Child cases")
    desk.until(children.get_by_text("Resolved", exact=True).nth(4))
    expect(children.get_by_text("Resolved", exact=True)).to_have_count(5)


def test_a_list_is_walked_by_the_keyboard_alone(
    people: Any, post_ticket: Callable[[], str], topology: Any, desk: Desk
) -> None:
    for _ in range(3):
        post_ticket()
    desk.sign_in(people.nadia)
    desk.press("g")
    desk.press("i")
    expect(desk.heading("Incidents")).to_be_visible()
    rows = desk.page.get_by_role("rowheader").get_by_role("link")
    expect(rows).to_have_count(3)
    second = rows.nth(1).inner_text().strip()
    for key in ("j", "j", "j", "k"):
        desk.press(key)
    expect(rows.nth(1)).to_be_focused()
    desk.press("Enter")
    expect(desk.page).to_have_url(re.compile(rf"/incidents/{second}/$"))
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(second)
