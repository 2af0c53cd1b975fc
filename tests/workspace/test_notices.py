"""Telling customers through the pages alone, without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Contact
from cases.actions import generate_cases
from cases.models import Case, Notice
from cases.properties import COMMENTS_SYNC
from core.actor import actor_of
from incidents.models import Incident
from notifications.models import MailMessage
from tests.cases.conftest import set_property
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any, people: Any, now: Any) -> Incident:
    set_property(COMMENTS_SYNC, "true")
    made = begun("Edge down", subcategory="device_failure", ci=topology.controller)
    generate_cases(incident_id=made.pk, by=actor_of(people.nadia), now=now)
    MailMessage.objects.all().delete()
    Case.objects.update(last_informed_at=None)
    return made


@pytest.fixture
def cases(incident: Incident) -> list[Case]:
    rows = Case.objects.filter(incident=incident, account__isnull=False)
    return list(rows.order_by("account__name"))


def url_of(incident: Incident) -> str:
    return f"/incidents/{incident.number}/notify"


def form_of(answer: Any, **changes: Any) -> dict[str, Any]:
    """Return what a browser would send of the dialog's form."""
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def test_nobody_chosen_offers_whom_to_tell(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    page = nadia.get(url_of(incident)).content.decode()
    assert "Choose who should be told" in page
    for case in cases:
        assert f"{url_of(incident)}?case={case.pk}" in page


def test_the_dialog_shows_a_template_and_how_each_reads_it(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    answer = nadia.get(f"{url_of(incident)}?all=1")
    page = answer.content.decode()
    assert ">5</span> contacts" in page
    assert "Account 1 reads it" in page
    assert f"[{cases[0].number}] We have noticed a fault that affects you" in page
    assert "Dear Contact 1," in page
    third = nadia.get(f"{url_of(incident)}?all=1&at=2&phase=restored").content.decode()
    assert "Dear Contact 3," in third
    assert "Your service is back" in third
    assert "3 of 5" in third


def test_typed_words_are_previewed_and_kept(nadia: Client, incident: Incident) -> None:
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"), note="Hello {{ contact.name }}!")
    seen = nadia.post(url_of(incident), {**data, "at": "4"})
    assert seen.status_code == 200
    assert "Hello Contact 5!" in seen.content.decode()
    assert "Hello {{ contact.name }}!" in seen.content.decode()
    assert not Notice.objects.exists()


def test_another_template_replaces_no_words_unasked(nadia: Client, incident: Incident) -> None:
    fresh = nadia.get(f"{url_of(incident)}?all=1")
    untouched = nadia.post(url_of(incident), {**form_of(fresh), "use": "update"})
    assert untouched.context["form"]["subject"].value() == "News of the fault that affects you"
    mine = {**form_of(fresh, note="My own words."), "use": "update"}
    asked = nadia.post(url_of(incident), mine)
    assert asked.context["form"]["note"].value() == "My own words."
    assert "Replace my text" in asked.content.decode()
    replaced = nadia.post(url_of(incident), {**form_of(asked), "replace": "update"})
    assert "here is where we stand" in replaced.context["form"]["note"].value()
    assert replaced.context["form"]["phase"].value() == "update"


def test_sending_waits_and_undo_takes_it_back(
    nadia: Client, incident: Incident, work: Callable[[], None]
) -> None:
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"))
    answer = nadia.post(url_of(incident), data)
    notice = Notice.objects.get()
    page_url = f"/incidents/{incident.number}/messages/{notice.uid}/"
    assert (answer.status_code, answer["Location"]) == (303, page_url)
    work()
    assert not MailMessage.objects.exists()
    page = nadia.get(page_url).content.decode()
    assert "Leaves in 30 s for 5 contacts." in page
    # The toast and the page have the button.
    assert page.count(f'action="{page_url}undo"') == 2
    assert nadia.post(f"{page_url}undo").status_code == 303
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        work()
    assert not MailMessage.objects.exists()
    page = nadia.get(page_url).content.decode()
    assert "Taken back. Nobody was told." in page
    assert f'action="{page_url}undo"' not in page


def test_after_the_wait_the_page_shows_each_delivery(
    nadia: Client, incident: Incident, work: Callable[[], None]
) -> None:
    Contact.objects.filter(name="Contact 5").update(email="")
    nadia.post(url_of(incident), form_of(nadia.get(f"{url_of(incident)}?all=1")))
    notice = Notice.objects.get()
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    page_url = f"/incidents/{incident.number}/messages/{notice.uid}/"
    states = [each.state for each in nadia.get(page_url).context["page"].deliveries]
    assert states == ["sent"] * 4 + ["no contact"]
    late = nadia.post(f"{page_url}undo", follow=True).content.decode()
    assert "cannot be taken back any more" in late
    MailMessage.objects.filter(to="c1@a1.example").update(state="bounced", error="no such user")
    page = nadia.get(page_url).content.decode()
    assert "Retry 1 failed" in page
    assert "no such user" in page
    again = nadia.post(f"{page_url}retry", follow=True).content.decode()
    assert "Trying 1 again." in again
    assert MailMessage.objects.get(to="c1@a1.example").state == "ready"


def test_who_is_left_out_hears_nothing(
    nadia: Client, incident: Incident, cases: list[Case], work: Callable[[], None]
) -> None:
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"), leave_out=[cases[0].pk, cases[3].pk])
    seen = nadia.post(url_of(incident), {**data, "look": "0"}).content.decode()
    assert "Goes to 3 customers, and to nobody else" in seen
    nadia.post(url_of(incident), data)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    told = MailMessage.objects.order_by("to").values_list("to", flat=True)
    assert list(told) == ["c2@a2.example", "c3@a3.example", "c5@a5.example"]


def test_warnings_are_sent_over_only_knowingly(nadia: Client, incident: Incident) -> None:
    note = "Like Account 2 you hang on vManage_10001 at 10.0.0.7."
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"), note=note)
    refused = nadia.post(url_of(incident), data)
    assert refused.status_code == 422
    page = refused.content.decode()
    for words in ("another customer", "a machine of ours", "an internal address"):
        assert words in page
    assert not Notice.objects.exists()
    mark = refused.context["draft"].preview.mark
    # The yes was to these warnings and to no others.
    other = {**data, "note": f"{note} And 10.0.0.8.", "accept": mark}
    assert nadia.post(url_of(incident), other).status_code == 422
    assert nadia.post(url_of(incident), {**data, "accept": mark}).status_code == 303


def test_more_than_25_are_sent_by_typing_how_many(
    nadia: Client, incident: Incident, people: Any, now: Any
) -> None:
    affect_many(incident, 30)
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"))
    for wrong in ({}, {"typed_count": "34"}, {"typed_count": "many"}):
        refused = nadia.post(url_of(incident), {**data, **wrong})
        assert refused.status_code == 422
    assert (
        "35 customers are told. Type this number"
        in nadia.post(url_of(incident), data).content.decode()
    )
    assert nadia.post(url_of(incident), {**data, "typed_count": "35"}).status_code == 303


def test_the_second_press_finds_the_first_message(nadia: Client, incident: Incident) -> None:
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"))
    first, second = nadia.post(url_of(incident), data), nadia.post(url_of(incident), data)
    assert first["Location"] == second["Location"]
    assert Notice.objects.count() == 1


def test_after_undo_the_corrected_message_leaves(
    nadia: Client, incident: Incident, work: Callable[[], None]
) -> None:
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"))
    nadia.post(f"{nadia.post(url_of(incident), data)['Location']}undo")
    sent = nadia.post(url_of(incident), {**data, "note": "Corrected."}, follow=True)
    assert "Leaves in 30 s for 5 contacts." in sent.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
        again = nadia.post(url_of(incident), {**data, "note": "Corrected."}, follow=True)
    assert "It has left for 5 contacts already" in again.content.decode()
    assert {mail.body for mail in MailMessage.objects.all()} == {"Corrected."}
    assert MailMessage.objects.count() == 5


def test_others_languages_have_fields_of_their_own(
    nadia: Client, incident: Incident, work: Callable[[], None]
) -> None:
    Contact.objects.filter(name="Contact 1").update(language="de")
    answer = nadia.get(f"{url_of(incident)}?all=1&phase=restored")
    page = answer.content.decode()
    assert "Message in German" in page
    assert "Guten Tag Contact 1," in page
    nadia.post(url_of(incident), form_of(answer))
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    assert "die Störung ist behoben" in MailMessage.objects.get(to="c1@a1.example").body
    assert "the fault is repaired" in MailMessage.objects.get(to="c2@a2.example").body


def test_nonsense_in_the_address_does_no_harm(nadia: Client, incident: Incident) -> None:
    for query in ("?all=1&at=99999999999999999999", "?case=x", "?cases=1,x", "?all=1&phase=nope"):
        assert nadia.get(url_of(incident) + query).status_code == 200
    data = form_of(nadia.get(f"{url_of(incident)}?all=1"))
    for wrong in ({"cases": "x"}, {"cases": "0"}, {"phase": "nope"}, {"next_update": "9"}):
        assert nadia.post(url_of(incident), {**data, **wrong}).status_code == 422
    assert not Notice.objects.exists()


def test_messages_of_other_incidents_and_without_rights_stay_closed(
    nadia: Client, incident: Incident, client_as: Any, make_user: Any
) -> None:
    nadia.post(url_of(incident), form_of(nadia.get(f"{url_of(incident)}?all=1")))
    notice = Notice.objects.get()
    assert nadia.get(f"/incidents/INC9999999/messages/{notice.uid}/").status_code == 404
    stranger = client_as(make_user("stranger"))
    page_url = f"/incidents/{incident.number}/messages/{notice.uid}/"
    assert stranger.get(page_url).status_code == 403
    assert stranger.post(f"{page_url}undo").status_code == 403
    notice.refresh_from_db()
    assert notice.state == "waiting"


def comment(browser: Client, incident: Incident, text: str) -> Any:
    url = f"/incidents/{incident.number}/note"
    return browser.post(url, {"kind": "comment", "text": text})


def only(cases: list[Case]) -> Case:
    """Keep one case."""
    Case.objects.exclude(pk=cases[0].pk).update(state="canceled")
    return cases[0]


def test_with_several_cases_a_comment_opens_the_preview_with_its_text(
    nadia: Client, incident: Incident
) -> None:
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    assert "Goes to 5 customers, after a preview" in page
    answer = comment(nadia, incident, "Back by noon.")
    assert answer.status_code == 200
    assert answer.context["form"]["note"].value() == "Back by noon."
    assert "Send to <span data-told=" in answer.content.decode()
    assert f'action="{url_of(incident)}"' in answer.content.decode()
    assert not Notice.objects.exists()
    sent = nadia.post(url_of(incident), form_of(answer))
    assert sent.status_code == 303
    assert Notice.objects.get().recipients.count() == 5


def test_with_one_case_a_comment_goes_to_it_and_can_be_undone(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    one = only(cases)
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    assert "Goes to 1 case · c1@a1.example (Account 1)" in page
    answer = comment(nadia, incident, "Back by noon.")
    notice = Notice.objects.get()
    assert answer["Location"] == f"/incidents/{incident.number}/messages/{notice.uid}/"
    assert [each.case for each in notice.recipients.all()] == [one]
    assert not incident.journal.filter(kind="comment").exists()


def test_a_comment_for_others_than_the_label_named_is_looked_at_first(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    url = f"/incidents/{incident.number}/"
    only(cases)
    seen = {"kind": "comment", "text": "Back.", "audience": nadia.get(url).context["audience"].mark}
    assert f'name="audience" value="{seen["audience"]}"' in nadia.get(url).content.decode()
    Case.objects.filter(pk=cases[0].pk).update(state="canceled")
    nobody = nadia.post(f"{url}note", seen)
    assert nobody.status_code == 422
    assert "Whom the comment goes to has changed" in nobody.content.decode()
    assert not incident.journal.filter(kind="comment").exists()
    Case.objects.filter(pk=cases[1].pk).update(state="new")
    other = nadia.post(f"{url}note", seen)
    assert "Whom the comment goes to has changed" in other.content.decode()
    assert other.context["form"]["note"].value() == "Back."
    assert not Notice.objects.exists()
    now_seen = {**seen, "audience": nadia.get(url).context["audience"].mark}
    assert nadia.post(f"{url}note", now_seen).status_code == 303
    assert Notice.objects.count() == 1


def test_a_comment_sent_twice_is_one_message(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    only(cases)
    url = f"/incidents/{incident.number}/"
    page = nadia.get(url)
    key = page.context["note_form"]["request_key"].value()
    assert f'name="request_key" value="{key}"' in page.content.decode()
    data = {"kind": "comment", "text": "Back.", "request_key": key}
    first, second = (nadia.post(f"{url}note", data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Notice.objects.count() == 1


def test_a_comment_is_read_as_typed_in_every_language(
    nadia: Client, incident: Incident, cases: list[Case], work: Callable[[], None]
) -> None:
    Contact.objects.filter(pk=only(cases).contact_id).update(language="de")
    comment(nadia, incident, "Back by noon.")
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    assert MailMessage.objects.get().body == "Back by noon."


def test_a_comment_with_a_promise_nobody_made_is_looked_at_first(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    only(cases)
    answer = comment(nadia, incident, "Back by {{ notice.next_update }}.")
    assert "“notice.next_update” has no value" in answer.content.decode()
    assert not Notice.objects.exists()


def test_a_comment_that_gives_away_too_much_is_looked_at_first(
    nadia: Client, incident: Incident, cases: list[Case]
) -> None:
    only(cases)
    answer = comment(nadia, incident, "We restart vManage_10001.")
    assert "a machine of ours" in answer.content.decode()
    assert not Notice.objects.exists()


def test_without_the_property_a_comment_stays_on_the_incident(
    nadia: Client, incident: Incident
) -> None:
    set_property(COMMENTS_SYNC, "false")
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    assert "Goes to everybody who may see the incident" in page
    assert comment(nadia, incident, "Seen by readers.").status_code == 303
    assert incident.journal.filter(kind="comment", text="Seen by readers.").exists()


def test_a_promise_is_due_on_the_incident_and_on_home_until_the_next_message(
    nadia: Client, incident: Incident, work: Callable[[], None]
) -> None:
    record = f"/incidents/{incident.number}/"

    def tell(**changes: str) -> None:
        nadia.post(url_of(incident), form_of(nadia.get(f"{url_of(incident)}?all=1"), **changes))

    tell(next_update="30")
    assert "Next update due" not in nadia.get(record).content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    assert "Next update due" in nadia.get(record).content.decode()
    home = nadia.get("/").content.decode()
    assert "Next updates due" in home
    assert "overdue" not in home
    with time_machine.travel(timezone.now() + timedelta(minutes=40), tick=False):
        assert "Overdue:" in nadia.get(record).content.decode()
        assert "overdue" in nadia.get("/").content.decode()
        tell(next_update="", note="It is back.")
    with time_machine.travel(timezone.now() + timedelta(minutes=41), tick=False):
        work()
        assert "Next update due" not in nadia.get(record).content.decode()
        assert "Next updates due" not in nadia.get("/").content.decode()


def test_the_incident_lists_its_messages_with_undo(nadia: Client, incident: Incident) -> None:
    nadia.post(url_of(incident), form_of(nadia.get(f"{url_of(incident)}?all=1")))
    notice = Notice.objects.get()
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    assert "Messages to customers" in page
    assert f'action="/incidents/{incident.number}/messages/{notice.uid}/undo"' in page


def test_each_customer_reads_of_the_own_services(
    nadia: Client, incident: Incident, cases: list[Case], topology: Any
) -> None:
    message = "Hit: {{ service.name }}."
    page = nadia.get(f"{url_of(incident)}?case={cases[0].pk}&case={cases[1].pk}")
    answer = nadia.post(url_of(incident), form_of(page, note=message, look="0"))
    bodies = [each.text.body for each in answer.context["draft"].preview.recipients]
    assert bodies == [f"Hit: {service.name}." for service in topology.services[:2]]
