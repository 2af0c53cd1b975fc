"""What cannot be produced, or not for one line, stops nothing else and is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from notifications import producing
from notifications.lines import replay
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.payloads import forget_payload, payload_of
from tests.notifications.helping import State
from tests.notifications.lining import counted, produce_all, stage, subscribe, ticket_ids

pytestmark = pytest.mark.django_db
ODD = "OddEvent"


@pytest.fixture
def odd() -> Iterator[Callable[[Any], None]]:
    """Return what decides what events of an odd type say."""
    yield lambda content: payload_of(ODD)(lambda staged: content) and None
    forget_payload(ODD)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (["no", "object"], "AttributeError"),
        ({"troubleTicket": {}, "at": object()}, "TypeError"),
        ({"troubleTicket": {}, "ratio": float("nan")}, "ValueError"),
        ({"troubleTicket": {}, "text": "a\0b"}, "ValueError"),
        ({"troubleTicket": {}, "text": "\ud800"}, "UnicodeEncodeError"),
    ],
)
def test_an_event_that_cannot_be_told_is_set_aside_alone(
    base: None, odd: Callable[[Any], None], content: Any, cause: str
) -> None:
    odd(content)
    subscriber, tickets = subscribe(), ticket_ids(3)
    stage(tickets[:1])
    stage(tickets[1:2], event_type=ODD)
    stage(tickets[2:])
    produce_all()
    events = StagedEvent.objects.order_by("pk")
    assert [each.state for each in events] == ["completed", "error", "completed"]
    assert cause in events[1].error
    assert events[1].payload is None
    assert counted(subscriber) == {State.READY: 2}


class TestALineWhoseQueryCannotBeRead:
    @pytest.fixture
    def unreadable(self, base: None) -> Subscriber:
        subscriber = subscribe("unreadable", query="a[=1")
        stage(ticket_ids(2), count=2)
        return subscriber

    def test_keeps_its_events_as_dead_with_the_cause(self, unreadable: Subscriber) -> None:
        fine = subscribe("fine")
        produce_all()
        assert counted(fine) == {State.READY: 4}
        dead = OutboundDelivery.objects.filter(subscriber=unreadable)
        assert {each.state for each in dead} == {State.DEAD}
        assert dead.count() == 4
        assert all(each.error.startswith("BadFilter: ") for each in dead)

    def test_gets_them_in_order_once_it_is_mended(self, unreadable: Subscriber) -> None:
        produce_all()
        Subscriber.objects.update(query="")
        rows = OutboundDelivery.objects.order_by("pk")
        assert replay(delivery_ids=[each.pk for each in rows], now=timezone.now()) == 4
        assert [each.event.sequence for each in rows] == [1, 1, 2, 2]
        assert counted(unreadable) == {State.READY: 4}

    def test_is_no_business_of_events_that_are_none_of_its_own(self, base: None) -> None:
        subscriber = subscribe("topics only", query="a[=1", hub="tmf688")
        stage(ticket_ids(1))
        produce_all()
        assert counted(subscriber) == {}


def test_whatever_goes_wrong_with_one_line_stops_that_line_alone(
    base: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill, well, real = subscribe("ill"), subscribe("well"), producing.is_meant

    def is_meant(line: Subscriber, *rest: Any) -> bool:
        if line == ill:
            raise RecursionError("too deep\0")
        return real(line, *rest)

    monkeypatch.setattr(producing, "is_meant", is_meant)
    stage(ticket_ids(2))
    produce_all()
    assert counted(well) == {State.READY: 2}
    assert counted(ill) == {State.DEAD: 2}
    assert OutboundDelivery.objects.filter(subscriber=ill)[0].error == "RecursionError: too deep "
