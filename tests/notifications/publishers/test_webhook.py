"""Posting events to a bus that fails in every way it can."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from notifications.publishers import http
from notifications.publishers.interface import NOT_TRIED, Target
from notifications.publishers.webhook import WebhookPublisher, address
from notifications.sink import Arrivals, Server, Trouble, running
from tests.notifications.publishers.helping import EVENT_TYPE, message

LINE = [message("A", 1), message("B", 1), message("A", 2)]
webhook = WebhookPublisher()


@pytest.fixture
def target(bus: Server) -> Target:
    return Target("bus", f"{bus.base}/hook?customer=7")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits fifteen seconds in a test."""
    real = http.Line
    monkeypatch.setattr("notifications.publishers.webhook.Line", lambda: real(total_seconds=0.3))


def test_an_event_arrives_whole_with_its_identity(target: Target, arrivals: Arrivals) -> None:
    receipt = webhook.publish(target, LINE[0])
    assert (receipt.ok, receipt.status) == (True, 204)
    (arrival,) = arrivals.arrived
    assert arrival.event == LINE[0].payload
    assert arrival.path == "/hook?customer=7"
    assert arrival.headers["x-psew-event-id"] == "A-1"
    assert arrival.headers["x-psew-event-type"] == EVENT_TYPE
    assert arrival.headers["x-psew-sequence"] == "1"
    assert "x-psew-signature" not in arrival.headers


def test_many_events_share_one_connection(target: Target, arrivals: Arrivals) -> None:
    receipts = webhook.publish_many(target, [message("A", n) for n in range(20)])
    assert all(receipt.ok for receipt in receipts)
    assert arrivals.event_ids() == [f"A-{n}" for n in range(20)]
    assert arrivals.connections == 1


@pytest.mark.parametrize("secrets", [("new",), ("new", "old"), ("unheard", "new")])
def test_a_bus_that_checks_signatures_takes_ours(
    target: Target, arrivals: Arrivals, secrets: tuple[str, ...]
) -> None:
    arrivals.secrets = ("new",)
    signed = Target("bus", target.url, secrets=secrets)
    assert webhook.publish(signed, LINE[0]).ok
    assert arrivals.arrived[0].signed
    assert webhook.publish(Target("bus", target.url, secrets=("x",)), LINE[0]).status == 401


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/cb", "https://a.example/cb/listener/troubleTicketCreateEvent"),
        ("https://a.example/cb/", "https://a.example/cb/listener/troubleTicketCreateEvent"),
        ("https://a.example", "https://a.example/listener/troubleTicketCreateEvent"),
        ("https://a.example/cb?k=1", "https://a.example/cb/listener/troubleTicketCreateEvent?k=1"),
    ],
)
def test_a_target_may_want_its_listener_called(url: str, expected: str) -> None:
    target = Target("t", url, settings={"address": "listener"})
    assert address(target, "TroubleTicketCreateEvent") == expected
    assert address(Target("t", url), "TroubleTicketCreateEvent") == url


def test_headers_of_the_target_go_along_but_not_those_that_frame_the_call(
    target: Target, arrivals: Arrivals
) -> None:
    headers = {"Authorization": "Bearer x", "Host": "evil", "Content-Length": "1"}
    assert webhook.publish(Target("bus", target.url, settings={"headers": headers}), LINE[0]).ok
    seen = arrivals.arrived[0].headers
    assert seen["authorization"] == "Bearer x"
    assert seen["host"].startswith("127.0.0.1:")


def test_a_header_cannot_smuggle_a_second_one(target: Target, arrivals: Arrivals) -> None:
    headers = {"Authorization": "x\r\nX-Evil: 1"}
    receipt = webhook.publish(Target("bus", target.url, settings={"headers": headers}), LINE[0])
    assert not receipt.ok
    assert arrivals.taken == []


def test_a_failing_ticket_waits_and_others_go_on(target: Target, arrivals: Arrivals) -> None:
    arrivals.misbehave(Trouble("fail", event_id="A-1", status=422))
    receipts = webhook.publish_many(target, LINE)
    assert arrivals.event_ids() == ["B-1"]
    assert receipts[0].hopeless
    assert "told to answer 422" in receipts[0].detail
    assert receipts[2] is NOT_TRIED


def test_the_bus_may_ask_for_patience_in_seconds_or_by_date(
    target: Target, arrivals: Arrivals
) -> None:
    moment = timezone.now() + timedelta(minutes=30)
    arrivals.misbehave(Trouble("fail", times=1, status=429, retry_after="120"))
    arrivals.misbehave(Trouble("fail", times=1, retry_after=format_datetime(moment)))
    first, second = webhook.publish_many(target, [message("A", 1), message("B", 1)])
    assert first.retry_after == 120
    assert not first.hopeless
    assert second.retry_after is not None
    assert 1700 < second.retry_after <= 1800


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("²", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_odd_words_for_later(text: str, seconds: int | None) -> None:
    assert http.seconds_from(text, timezone.now()) == seconds


def test_a_redirect_is_a_failure_and_is_not_followed(target: Target, arrivals: Arrivals) -> None:
    arrivals.misbehave(Trouble("redirect", times=1, location="http://127.0.0.1:1/"))
    receipt = webhook.publish(target, LINE[0])
    assert (receipt.ok, receipt.status) == (False, 302)
    assert "not followed" in receipt.detail
    assert arrivals.taken == []


def test_a_dripping_answer_cannot_stretch_the_time(
    target: Target, arrivals: Arrivals, impatient: None
) -> None:
    arrivals.misbehave(Trouble("drip", times=1, seconds=0.05))
    dripped, after = webhook.publish_many(target, [message("A", 1), message("B", 1)])
    assert not dripped.ok
    assert dripped.detail == "no whole answer within 0.3 seconds"
    assert after.ok


def test_a_slow_answer_is_not_waited_for(
    target: Target, arrivals: Arrivals, impatient: None
) -> None:
    arrivals.misbehave(Trouble("slow", times=1, seconds=60))
    receipt = webhook.publish(target, LINE[0])
    assert not receipt.ok
    assert receipt.status is None
    assert webhook.publish(target, LINE[0]).ok
    assert arrivals.event_ids() == ["A-1", "A-1"]


def test_an_endless_answer_is_read_to_64_kb_and_no_more(target: Target, arrivals: Arrivals) -> None:
    arrivals.misbehave(Trouble("flood", times=1))
    flooded, after = webhook.publish_many(target, [message("A", 1), message("B", 1)])
    assert flooded.ok
    assert after.ok
    assert arrivals.connections == 2


def test_a_dropped_connection_is_a_failed_try(target: Target, arrivals: Arrivals) -> None:
    arrivals.misbehave(Trouble("drop_before", times=1))
    receipts = webhook.publish_many(target, LINE)
    assert [r.ok for r in receipts] == [False, True, False]
    assert arrivals.event_ids() == ["B-1"]


def test_a_lost_answer_is_tried_again_under_the_same_event_id(
    target: Target, arrivals: Arrivals
) -> None:
    arrivals.misbehave(Trouble("drop_after", times=1))
    assert not webhook.publish(target, LINE[0]).ok
    assert webhook.publish(target, LINE[0]).ok
    assert arrivals.event_ids() == ["A-1", "A-1"]


def test_a_bus_that_was_down_gets_what_comes_later(arrivals: Arrivals) -> None:
    with running(arrivals) as server:
        port, target = server.server_port, Target("bus", server.url)
        assert webhook.publish(target, LINE[0]).ok
    down = webhook.publish(target, LINE[1])
    assert not down.ok
    assert "refused" in down.detail
    with running(arrivals, port=port):
        assert webhook.publish(target, LINE[1]).ok
    assert arrivals.event_ids() == ["A-1", "B-1"]


def test_an_answer_is_shown_in_two_hundred_characters_at_most(
    target: Target, arrivals: Arrivals
) -> None:
    answer = http.Answer(status=500, body=b"\x00\xff" + "ü".encode() * 50_000)
    assert len(http.judged(answer).detail) < 201
    assert "\x00" not in http.judged(answer).detail
