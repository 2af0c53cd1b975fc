"""S7 as people see it: one customer is told, two answer, and none reads of the other."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import add_comment, generate_cases
from cases.models import Case, Notice
from cases.properties import COMMENTS_SYNC
from core.actor import Actor, actor_of
from incidents.models import Incident
from tests.cases.conftest import set_property
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CatchUp = Callable[[], None]
FIRST, SECOND = "Please power-cycle the CPE", "A technician is on the way"
REPLIES = {1: "Done, all lamps are red", 2: "We have power again"}


@pytest.fixture
def incident(flapping: Incident, people: Any, now: datetime, work: CatchUp) -> Incident:
    """Five accounts are affected, each with its case."""
    generate_cases(incident_id=flapping.pk, by=actor_of(people.mei), now=now)
    work()
    return flapping


def _case(incident: Incident, n: int) -> Case:
    return Case.objects.get(incident=incident, account__number=f"ACC{n}")


def test_customers_never_read_of_each_other(
    incident: Incident, people: Any, workers: CatchUp, desk: Desk
) -> None:
    page = f"/incidents/{incident.number}/"
    desk.sign_in(people.mei)
    _nothing_is_sent_while_it_is_switched_off(desk, page)
    set_property(COMMENTS_SYNC, "true")
    _one_message_is_taken_back(desk, page)
    _one_customer_is_told(desk, page, workers)
    _both_answer(incident, workers)
    _the_incident_shows_each_answer_once(desk, page)
    _each_case_shows_its_own_words_alone(desk, incident)


def _nothing_is_sent_while_it_is_switched_off(desk: Desk, page: str) -> None:
    desk.go(f"{page}notify")
    expect(desk.page.locator("main")).to_contain_text("Notifying customers is switched off")
    expect(desk.page.get_by_role("button", name="Send to")).to_have_count(0)


def _write(desk: Desk, page: str, account: str, words: str) -> None:
    desk.go(page)
    cases = desk.page.get_by_role("table", name="Cases of this incident")
    cases.get_by_role("row").filter(has_text=account).get_by_role("checkbox").check()
    desk.page.locator("#cases").get_by_role("button", name="Notify customers").click()
    desk.page.get_by_label("Message to the customers").fill(words)
    desk.button("Send to 1 contact").click()
    expect(desk.page.locator("main")).to_contain_text("Nothing has left yet")


def _one_message_is_taken_back(desk: Desk, page: str) -> None:
    _write(desk, page, "Account 2", SECOND)
    desk.page.locator("#undo-button").click()
    expect(desk.page.locator("main")).to_contain_text("Nobody was told")


def _one_customer_is_told(desk: Desk, page: str, workers: CatchUp) -> None:
    _write(desk, page, "Account 1", FIRST)
    Notice.objects.filter(state="waiting").update(leaves_at=timezone.now())
    workers()
    desk.until(desk.page.get_by_role("table").filter(has_text="sent"))


def _both_answer(incident: Incident, workers: CatchUp) -> None:
    """Each mail arrives twice, as mails do."""
    for n, words in REPLIES.items():
        case = _case(incident, n)
        for _ in range(2):
            add_comment(
                case_id=case.pk,
                text=words,
                by=Actor(kind="customer", name=str(case.contact)),
                now=timezone.now(),
                contact=case.contact,
                origin=f"mail:{n}",
            )
    workers()


def _the_incident_shows_each_answer_once(desk: Desk, page: str) -> None:
    desk.go(page)
    for words in REPLIES.values():
        desk.until(desk.stream().get_by_text(words).first)
        expect(desk.stream().get_by_text(words)).to_have_count(1)
    expect(desk.stream()).to_contain_text("Contact 1")


def _each_case_shows_its_own_words_alone(desk: Desk, incident: Incident) -> None:
    told, other = _case(incident, 1), _case(incident, 2)
    desk.go(f"/cases/{told.number}/")
    for words in (FIRST, REPLIES[1]):
        expect(desk.stream()).to_contain_text(words)
    for words in (SECOND, REPLIES[2]):
        expect(desk.page.locator("main")).not_to_contain_text(words)
    desk.go(f"/cases/{other.number}/")
    expect(desk.stream()).to_contain_text(REPLIES[2])
    for words in (FIRST, SECOND, REPLIES[1]):
        expect(desk.page.locator("main")).not_to_contain_text(words)


def test_a_comment_whose_reader_left_is_kept_and_says_so(
    incident: Incident, people: Any, desk: Desk
) -> None:
    set_property(COMMENTS_SYNC, "true")
    Case.objects.exclude(pk=_case(incident, 1).pk).update(state="canceled")
    desk.sign_in(people.mei)
    desk.go(f"/incidents/{incident.number}/")
    composer = desk.page.locator("form.composer")
    composer.get_by_text("Customer comment").click()
    expect(composer).to_contain_text("Goes to 1 case")
    Case.objects.update(state="canceled")
    composer.get_by_label("Text").fill(FIRST)
    composer.get_by_role("button", name="Send to customer").click()
    expect(composer.get_by_role("alert")).to_contain_text("goes to has changed")
    # Browsers note every answer that is no success.
    desk.complaints.clear()
    expect(composer).to_contain_text("Goes to everybody who may see the incident")
    expect(composer.get_by_label("Text")).to_have_value(FIRST)
    assert not incident.journal.filter(kind="comment", text=FIRST).exists()
    composer.get_by_role("button", name="Add comment").click()
    expect(desk.page.get_by_text("Added the comment.")).to_be_visible()
    assert incident.journal.filter(kind="comment", text=FIRST).exists()
