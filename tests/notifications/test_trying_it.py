"""Try it says what the producer would do, and why."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import Domain, Role, User
from incidents.models import Incident
from notifications.models import OutboundDelivery, StagedEvent, Subscriber, Topic
from notifications.names import CREATE, STATUS
from notifications.topic_events import publish, stage_topic
from notifications.topic_lines import make_lines
from notifications.trial import BadEvent, Verdict, event_from, reach
from tests.notifications.rows import make_event, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(base: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin"))
    return browser


def topic(name: str, header: str = "", content: str = "", **values: Any) -> Topic:
    made = Topic.objects.create(name=name, header_query=header, content_query=content, **values)
    make_lines(made)
    return made


def verdict(event: StagedEvent, target: Topic | Subscriber) -> Verdict:
    return next(each for each in reach(event) if each.target == target)


def test_it_agrees_with_the_producer(
    incident: Incident, now: datetime, work: Callable[[], None]
) -> None:
    tenant = Domain.objects.create(name="Tenant", parent_id=1)
    mine = topic("creates", f"eventType={CREATE}", "troubleTicket.ticketType=incident")
    topic("states", f"eventType={STATUS}")
    topic("broken", "a[=1")
    topic("theirs", domain=tenant)
    log = {"transport": "log", "url": ""}
    make_subscriber("all", **log)
    make_subscriber("some", query=f"eventType={STATUS}", **log)
    make_subscriber("off", active=False, **log)
    make_subscriber("paused", paused=True, **log)
    gone = User.objects.create_user("gone", is_api_client=True, is_active=False)
    make_subscriber("shut out", client=gone, hub="tmf621-v4", **log)
    make_subscriber("v5", hub="tmf621-v5", query="event.troubleTicket.name=nothing", **log)
    make_subscriber("topics", hub="tmf688", **log)
    for query in ("", "eventType=Other"):
        make_subscriber(f"of topic {query}", hub="tmf688", topic=mine, query=query, **log)
    stage_topic(mine, "TopicCreateEvent", "Made", now)
    published = {"eventType": "Other", "event": {"anything": 1}}
    publish(topic=mine, event=published, now=now)
    work()
    kinds = set()
    for event in StagedEvent.objects.select_related("domain"):
        kinds |= {kind for kind in ("ticket", "topic", "published") if kind in event.snapshot}
        found = reach(event)
        said = {each.target for each in found if each.reached and not each.is_topic}
        said |= {line.target for each in found for line in each.lines if line.reached}
        rows = OutboundDelivery.objects.filter(event=event, state__in=["ready", "sent"])
        assert said == {row.subscriber for row in rows.select_related("subscriber")}
        assert said
        # Whoever is not reached is told why.
        missed = [each for each in found if not each.reached]
        assert all(each.obstacle or not all(r.holds for r in each.reasons) for each in missed)
    assert kinds == {"ticket", "topic", "published"}


def test_every_condition_is_told(db: None) -> None:
    found = verdict(make_event(), topic("t", f"eventType={CREATE}", "troubleTicket.severity=1"))
    assert [reason.holds for reason in found.reasons] == [True, False]
    assert not found.reached


@pytest.mark.parametrize(
    ("values", "obstacle"),
    [
        ({"active": False}, "it is switched off"),
        ({"query": "a[=1"}, "the query cannot be read"),
        ({"hub": "tmf688"}, "it is there for other events"),
    ],
)
def test_what_is_in_the_way_is_told(db: None, values: dict[str, Any], obstacle: str) -> None:
    found = verdict(make_event(), make_subscriber(**values))
    assert found.obstacle.startswith(obstacle)
    assert not found.reached


def test_the_bus_that_is_not_in_use_is_told(db: None) -> None:
    lines = verdict(make_event(), topic("t")).lines
    assert {line.target.transport: line.reached for line in lines} == {
        "open_bus": True,
        "hermes": False,
    }


def test_topics_do_not_hear_of_topics(db: None, now: datetime) -> None:
    mine = topic("t")
    stage_topic(mine, "TopicCreateEvent", "Made", now)
    event = StagedEvent.objects.select_related("domain").get()
    assert verdict(event, mine).obstacle == "it is there for other events"


def test_a_topic_all_of_whose_lines_are_off_says_so(db: None) -> None:
    mine = topic("t")
    mine.lines.update(active=False)
    assert verdict(make_event(), mine).obstacle == "it is switched off"


def test_an_event_not_produced_yet_can_be_tried(db: None) -> None:
    waiting = make_event(state="ready")
    assert verdict(waiting, make_subscriber()).reached
    waiting.refresh_from_db()
    assert waiting.payload is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "This is not JSON"),
        ("[]", "An event has an eventType"),
        ('{"eventType": 1, "event": {}}', "An event has an eventType"),
        ('{"eventType": "A", "event": {"troubleTicket": []}}', "The ticket in"),
    ],
)
def test_what_is_no_event_is_refused(base: None, text: str, sentence: str) -> None:
    with pytest.raises(BadEvent, match=sentence):
        event_from(text, Domain.objects.get(pk=1))


class TestPage:
    def _try(self, browser: Client, **data: str) -> Any:
        return browser.post(reverse("admin:notifications_topic_try"), data)

    def test_a_chosen_event_against_a_topic(self, ada: Client) -> None:
        event, mine = make_event(), topic("mine", f"eventType={STATUS}")
        answer = self._try(ada, event=str(event.event_id), topic=str(mine.pk))
        page = answer.content.decode()
        assert "They do not ask for this event." in page
        assert [each.target for each in answer.context["missed"]] == [mine]

    def test_a_pasted_event_against_typed_queries(self, ada: Client) -> None:
        pasted = json.dumps({"eventType": "A", "event": {"troubleTicket": {"severity": "1"}}})
        answer = self._try(
            ada, pasted=pasted, header_query="eventType=A", content_query="troubleTicket.severity=1"
        )
        assert "They ask for this event." in answer.content.decode()
        assert not StagedEvent.objects.exists()

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({}, "Choose an event or paste one, not both."),
            ({"pasted": "{"}, "This is not JSON"),
            ({"pasted": "{}", "header_query": "a[=1"}, "This query cannot be read"),
            ({"event": "00000000-0000-0000-0000-000000000000"}, "Select a valid choice"),
            ({"event": "x"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_said(self, ada: Client, data: dict[str, str], sentence: str) -> None:
        answer = self._try(ada, **data)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()

    def test_topic_and_event_can_be_named_in_the_address(self, ada: Client) -> None:
        event, mine = make_event(), topic("mine")
        page = reverse("admin:notifications_topic_try")
        shown = ada.get(page, {"topic": mine.pk, "event": str(event.event_id)}).content.decode()
        assert f'<option value="{event.event_id}" selected>' in shown
        assert f'<option value="{mine.pk}" selected>' in shown

    def test_it_can_be_reached_from_the_pages_it_belongs_to(self, ada: Client) -> None:
        event, mine = make_event(), topic("mine")
        page = reverse("admin:notifications_topic_try")
        for name, args, asked in (
            ("topic_changelist", [], ""),
            ("topic_change", [mine.pk], f"?topic={mine.pk}"),
            ("stagedevent_change", [event.pk], f"?event={event.event_id}"),
        ):
            shown = ada.get(reverse(f"admin:notifications_{name}", args=args)).content.decode()
            assert f'href="{page}{asked}"' in shown

    def test_who_sees_no_topics_tries_nothing(self, base: None) -> None:
        user = User.objects.create_user("clerk", is_staff=True)
        user.groups.add(Role.objects.get(name="psew.message_author"))
        browser = Client()
        browser.force_login(user)
        assert browser.get(reverse("admin:notifications_topic_try")).status_code == 403

    def test_another_domains_events_are_not_offered(self, base: None) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        browser = Client()
        browser.force_login(User.objects.create_superuser("boss", domain=tenant))
        event = make_event()
        assert self._try(browser, event=str(event.event_id)).status_code == 422
