"""Egress topics are looked for on the buses, away from any request (R158)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.test import RequestFactory

from core.models import SystemProperty
from notifications.models import StagedEvent, Topic
from notifications.names import TOPIC_CHANGE, TOPIC_CREATE, TOPIC_DELETE
from notifications.properties import PUBLISHER_MODE
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Receipt, Target
from notifications.topic_admin import ToldTopics
from notifications.topics import topic_saved
from tests.notifications.helping import Answering

pytestmark = pytest.mark.django_db
Work = Callable[[], None]


class Bus(Answering):
    """A bus that says what it is told to say about topics."""

    def __init__(self, says: str) -> None:
        super().__init__(lambda target, message: Receipt(ok=True))
        self.says, self.asked = says, list[str]()

    def check_topic(self, target: Target) -> str:
        self.asked.append(target.topic)
        if self.says == "breaks":
            raise ConnectionError("down")
        return self.says


@pytest.fixture
def open_bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    bus = Bus("exists")
    monkeypatch.setitem(PUBLISHERS, "open_bus", bus)
    return bus


@pytest.fixture
def topic(base: None, now: datetime) -> Topic:
    made = Topic.objects.create(name="tickets", created_at=now)
    topic_saved(topic=made, now=now, created=True)
    return made


def on_bus(topic: Topic) -> tuple[str, str]:
    topic.refresh_from_db()
    return topic.on_bus, topic.on_bus_detail


def test_a_new_topic_is_asked_for_by_the_worker(topic: Topic, open_bus: Bus, work: Work) -> None:
    assert open_bus.asked == []
    work()
    assert open_bus.asked == ["tickets"]
    assert on_bus(topic) == ("exists", "Open message bus (REST topic)")


@pytest.mark.parametrize(
    ("says", "state"), [("missing", "missing"), ("unknown", "unknown"), ("breaks", "unknown")]
)
def test_what_is_not_there_is_asked_for_again_later(
    topic: Topic, open_bus: Bus, work: Work, now: datetime, says: str, state: str
) -> None:
    open_bus.says = says
    work()
    work()
    assert len(open_bus.asked) == 1
    assert on_bus(topic)[0] == state
    open_bus.says = "exists"
    with time_machine.travel(now + timedelta(minutes=11)):
        work()
        work()
    assert on_bus(topic)[0] == "exists"
    assert len(open_bus.asked) == 2


def test_the_worst_of_two_buses_counts(
    topic: Topic, open_bus: Bus, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PUBLISHERS, "hermes", Bus("missing"))
    SystemProperty.objects.filter(name=PUBLISHER_MODE.name).update(value="both")
    work()
    assert on_bus(topic) == ("missing", "Hermes (Kafka topic)")


def test_a_bus_that_cannot_be_asked_is_no_fault(
    topic: Topic, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PUBLISHERS, "open_bus", Answering(lambda target, message: Receipt(ok=True)))
    work()
    assert on_bus(topic)[0] == "unknown"


def test_ingress_topics_are_not_looked_for(base: None, open_bus: Bus, work: Work) -> None:
    Topic.objects.create(name="in", type="ingress")
    work()
    assert open_bus.asked == []


def test_admin_makes_lines_and_tells_every_change_once(
    base: None, now: datetime, open_bus: Bus, work: Work, rf: RequestFactory
) -> None:
    page, request = ToldTopics(Topic, admin.site), rf.post("/")
    topic = Topic(name="tickets")
    page.save_model(request, topic, None, change=False)
    assert topic.lines.count() == 2
    work()
    page.save_model(request, topic, None, change=True)
    topic.name = "renamed"
    page.save_model(request, topic, None, change=True)
    work()
    assert open_bus.asked == ["tickets", "renamed"]
    page.delete_model(request, topic)
    other = Topic(name="other")
    page.save_model(request, other, None, change=False)
    page.delete_queryset(request, Topic.objects.all())
    told = StagedEvent.objects.order_by("pk").values_list("ticket_number", "event_type")
    assert list(told) == [
        ("tickets", TOPIC_CREATE),
        ("renamed", TOPIC_CHANGE),
        ("renamed", TOPIC_DELETE),
        ("other", TOPIC_CREATE),
        ("other", TOPIC_DELETE),
    ]
