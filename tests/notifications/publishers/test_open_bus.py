"""Posting events to REST proxies; what they really took decides, not the status alone."""

import json

import pytest

from notifications.publishers.http import Answer
from notifications.publishers.interface import NOT_TRIED, Target
from notifications.publishers.open_bus import (
    OpenBusPublisher,
    Presence,
    check_topic,
    create_topic,
)
from notifications.publishers.open_bus.styles import STYLES
from notifications.sink import Arrivals, Server, Trouble
from tests.notifications.publishers.helping import EVENT_TYPE, message

open_bus = OpenBusPublisher()
ALL = ["rest_v2", "rest_v3", "plain"]
REST = ["rest_v2", "rest_v3"]


def target(bus: Server, style: str, topic: str = "tickets", **settings: object) -> Target:
    return Target("bus", bus.base, topic, {"style": style, "cluster": "c1", **settings})


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize("topic", ["tickets", "a/b ü?#%", "..%2f"])
def test_events_arrive_in_the_proxys_own_words(
    bus: Server, arrivals: Arrivals, style: str, topic: str
) -> None:
    sent = [message("A", 1), message("B", 1), message("A", 2)]
    receipts = open_bus.publish_many(target(bus, style, topic), sent)
    assert all(receipt.ok for receipt in receipts)
    assert arrivals.taken == [each.payload for each in sent]
    assert {arrival.topic for arrival in arrivals.arrived} == {topic}
    assert {arrival.dialect for arrival in arrivals.arrived} == {style}
    assert arrivals.connections == 1


def test_v2_and_v3_carry_the_ticket_as_key(bus: Server, arrivals: Arrivals) -> None:
    for style in REST:
        assert open_bus.publish(target(bus, style), message("A", 1)).ok
    assert [arrival.key for arrival in arrivals.arrived] == ["A", "A"]


def test_v3_carries_the_events_identity_in_headers(bus: Server, arrivals: Arrivals) -> None:
    assert open_bus.publish(target(bus, "rest_v3"), message("A", 7)).ok
    headers = arrivals.arrived[0].headers
    expected = {"origin": "psew", "eventId": "A-7", "eventType": EVENT_TYPE, "sequence": "7"}
    assert expected.items() <= headers.items()


@pytest.mark.parametrize("style", REST)
@pytest.mark.parametrize(
    ("code", "hopeless"), [(1, True), (2, False), (42206, True), (50003, False)]
)
def test_an_error_inside_a_good_answer_is_a_failure(
    bus: Server, arrivals: Arrivals, style: str, code: int, hopeless: bool
) -> None:
    arrivals.misbehave(Trouble("record_error", event_id="A-1", status=code))
    sent = [message("A", 1), message("B", 1), message("A", 2)]
    receipts = open_bus.publish_many(target(bus, style), sent)
    assert [receipt.ok for receipt in receipts] == [False, True, False]
    assert f"error_code {code}" in receipts[0].detail
    assert receipts[0].status == 200
    assert receipts[0].hopeless is hopeless
    assert receipts[2] is NOT_TRIED
    assert arrivals.event_ids() == ["B-1"]


@pytest.mark.parametrize(
    "body", ["", "ok", "[]", "{}", '{"offsets": []}', '{"offsets": [1]}', '{"error_code": "x"}']
)
@pytest.mark.parametrize("style", REST)
def test_a_good_status_without_a_report_is_no_delivery(style: str, body: str) -> None:
    receipt = STYLES[style].receipt(Target("bus"), Answer(status=200, body=body.encode()))
    assert not receipt.ok
    assert not receipt.hopeless


@pytest.mark.parametrize("style", REST)
def test_a_missing_topic_can_be_mended_while_the_event_waits(
    bus: Server, arrivals: Arrivals, style: str
) -> None:
    arrivals.topics = {"other"}
    receipt = open_bus.publish(target(bus, style), message("A", 1))
    assert receipt.status == 404
    assert not receipt.hopeless
    arrivals.topics = {"tickets"}
    assert open_bus.publish(target(bus, style), message("A", 1)).ok


@pytest.mark.parametrize("style", REST)
@pytest.mark.parametrize(("status", "hopeless"), [(422, True), (403, False), (503, False)])
def test_only_the_event_itself_can_be_hopeless(
    bus: Server, arrivals: Arrivals, style: str, status: int, hopeless: bool
) -> None:
    arrivals.misbehave(Trouble("fail", status=status, retry_after="9"))
    receipt = open_bus.publish(target(bus, style), message("A", 1))
    assert (receipt.ok, receipt.status, receipt.retry_after) == (False, status, 9)
    assert receipt.hopeless is hopeless


def test_a_plain_bus_has_success_codes_of_its_own(bus: Server, arrivals: Arrivals) -> None:
    arrivals.misbehave(Trouble("fail", status=208))
    assert not open_bus.publish(target(bus, "plain"), message("A", 1)).ok
    own = target(bus, "plain", success_codes="200, 208")
    assert open_bus.publish(own, message("A", 1)).ok
    arrivals.behave()
    assert open_bus.publish(own, message("A", 1)).status == 204
    assert not open_bus.publish(own, message("A", 1)).ok


def test_headers_of_the_target_go_along(bus: Server, arrivals: Arrivals) -> None:
    own = target(bus, "rest_v2", headers={"Authorization": "Basic eDp5"})
    assert open_bus.publish(own, message("A", 1)).ok
    assert arrivals.arrived[0].headers["authorization"] == "Basic eDp5"


@pytest.mark.parametrize("topic", ["", ".", ".."])
@pytest.mark.parametrize("style", ALL)
def test_names_that_climb_in_the_path_are_refused(
    bus: Server, arrivals: Arrivals, style: str, topic: str
) -> None:
    receipt = open_bus.publish(target(bus, style, topic), message("A", 1))
    assert "is no topic name" in receipt.detail
    assert arrivals.connections == 0


def test_what_is_not_set_up_is_named(bus: Server) -> None:
    no_cluster = Target("bus", bus.base, "tickets", {"style": "rest_v3"})
    assert "cluster" in open_bus.publish(no_cluster, message("A", 1)).detail
    assert "soap" in open_bus.publish(target(bus, "soap"), message("A", 1)).detail
    assert check_topic(no_cluster) == Presence.UNKNOWN
    assert not create_topic(no_cluster).ok


@pytest.mark.parametrize("style", REST)
def test_the_bus_tells_whether_a_topic_exists(bus: Server, arrivals: Arrivals, style: str) -> None:
    arrivals.topics = {"tickets", "a/b"}
    assert check_topic(target(bus, style)) == Presence.EXISTS
    assert check_topic(target(bus, style, "a/b")) == Presence.EXISTS
    assert check_topic(target(bus, style, "other")) == Presence.MISSING


def test_what_cannot_be_asked_is_unknown(bus: Server) -> None:
    assert check_topic(target(bus, "plain")) == Presence.UNKNOWN
    for style in REST:
        dead = Target("bus", "http://127.0.0.1:1", "t", {"style": style, "cluster": "c"})
        assert check_topic(dead) == Presence.UNKNOWN


def test_v3_makes_a_topic_and_takes_an_existing_one_for_made(
    bus: Server, arrivals: Arrivals
) -> None:
    arrivals.topics = set()
    wanted = target(bus, "rest_v3", partitions="3", replication=1)
    assert check_topic(wanted) == Presence.MISSING
    assert create_topic(wanted).status == 201
    assert check_topic(wanted) == Presence.EXISTS
    assert create_topic(wanted).ok
    assert not create_topic(target(bus, "rest_v2")).ok


def test_the_bodies_are_what_the_proxies_document() -> None:
    at = Target("bus", "https://proxy/", "t", {"cluster": "c"})
    v2 = STYLES["rest_v2"].request(at, message("A", 1))
    assert v2.url == "https://proxy/topics/t"
    assert v2.headers["Content-Type"] == "application/vnd.kafka.json.v2+json"
    payload = message("A", 1).payload
    assert json.loads(v2.body) == {"records": [{"key": "A", "value": payload}]}
    v3 = STYLES["rest_v3"].request(at, message("A", 1))
    assert v3.url == "https://proxy/v3/clusters/c/topics/t/records"
    assert json.loads(v3.body)["key"] == {"type": "STRING", "data": "A"}
    assert json.loads(v3.body)["value"] == {"type": "JSON", "data": payload}
