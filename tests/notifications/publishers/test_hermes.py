"""Events reach Kafka: in order per ticket, and every failure has a name."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import Producer

from notifications.publishers.hermes import HermesPublisher, close_producers, sending
from notifications.publishers.hermes.configuration import FIXED, NAMES, configuration
from notifications.publishers.interface import NO_TIME, NOT_TRIED, Receipt, Target
from tests.notifications.publishers.helping import EVENT_TYPE, message
from tests.notifications.publishers.kafka import (
    Broker,
    broker,
    consumed,
    make_topic,
    mock_cluster,
)

hermes = HermesPublisher()
TICKETS = Target("kafka", topic="tickets")


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (*NAMES, "PSEW_KAFKA_EXTRA"):
        monkeypatch.delenv(name, raising=False)
    yield
    close_producers(0)


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    with broker(tmp_path) as made:
        monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", made.address)
        make_topic(made.address, "tickets")
        yield made


@pytest.fixture
def mock(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with mock_cluster() as address:
        monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", address)
        maker = Producer({"bootstrap.servers": address, "log_level": 0})
        maker.produce("tickets", b"{}", key=b"first")
        assert maker.flush(5) == 0
        yield address


def test_a_customer_reads_key_headers_and_order(real: Broker) -> None:
    sent = [message(key, number) for number in range(1, 6) for key in "ABCDEFG"]
    receipts = hermes.publish_many(TICKETS, sent)
    assert all(receipt.ok for receipt in receipts)
    read = consumed(real.address, "tickets", len(sent))
    lines, partitions = defaultdict(list), defaultdict(set)
    for each in read:
        key = each.key().decode()
        headers = {name: value.decode() for name, value in each.headers()}
        event = json.loads(each.value())
        lines[key].append(headers["sequence"])
        partitions[key].add(each.partition())
        assert headers == {
            "origin": "psew",
            "eventId": event["eventId"],
            "eventType": EVENT_TYPE,
            "sequence": event["eventId"].split("-")[1],
            "contentType": "application/json",
        }
        assert event == message(key, int(headers["sequence"])).payload
    assert dict(lines) == {key: ["1", "2", "3", "4", "5"] for key in "ABCDEFG"}
    assert all(len(each) == 1 for each in partitions.values())
    assert len(set.union(*partitions.values())) > 1


def test_a_missing_topic_is_named_and_nobody_makes_it(real: Broker) -> None:
    line = [message("A", 1), message("A", 2), message("B", 1)]
    receipts = hermes.publish_many(Target("kafka", topic="nowhere"), line)
    said = Receipt(ok=False, detail="unknown topic nowhere; create it first", refused=False)
    assert receipts == [said, NOT_TRIED, said]
    topics = Producer({"bootstrap.servers": real.address}).list_topics(timeout=5).topics
    assert "nowhere" not in topics
    make_topic(real.address, "nowhere")
    assert hermes.publish(Target("kafka", topic="nowhere"), message("A", 1)).ok


def test_after_a_broker_was_away_everything_arrives_in_order(
    real: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for a loaded machine to find the broker again, and no longer than one waits.
    monkeypatch.setitem(FIXED, "message.timeout.ms", "4000")
    assert hermes.publish(TICKETS, message("A", 1)).ok
    real.kill()
    waiting = [message("A", 2), message("B", 1), message("A", 3)]
    down = hermes.publish_many(TICKETS, waiting)
    assert [receipt.ok for receipt in down] == [False] * 3
    assert not down[0].hopeless
    assert down[2] is NOT_TRIED
    real.start()
    # This broker forgets its topics when it is killed; a cluster would not.
    make_topic(real.address, "tickets")
    for _ in range(5):
        # As the sender does: what was not taken is tried again, and nothing overtakes it.
        receipts = hermes.publish_many(TICKETS, waiting)
        waiting = [each for each, receipt in zip(waiting, receipts, strict=True) if not receipt.ok]
        if not waiting:
            break
    assert waiting == []
    read = consumed(real.address, "tickets", 3)
    ids = [json.loads(each.value())["eventId"] for each in read if each.key() == b"A"]
    assert list(dict.fromkeys(ids)) == ["A-2", "A-3"]


def test_an_event_too_large_stops_only_its_own_ticket(mock: str) -> None:
    large = replace(message("A", 2), text=json.dumps({"description": "x" * 1_500_000}))
    line = [message("A", 1), large, message("A", 3), message("B", 1), message("B", 2)]
    receipts = hermes.publish_many(TICKETS, line)
    assert [receipt.ok for receipt in receipts] == [True, False, False, True, True]
    assert receipts[1].hopeless
    assert "MSG_SIZE_TOO_LARGE" in receipts[1].detail
    assert receipts[2] is NOT_TRIED
    read = consumed(mock, "tickets", 4)
    ids = sorted(json.loads(each.value()).get("eventId", "") for each in read)
    assert ids == ["", "A-1", "B-1", "B-2"]


def test_hundreds_of_tickets_go_at_once(mock: str) -> None:
    receipts = hermes.publish_many(TICKETS, [message(f"T{n}", 1) for n in range(500)])
    assert all(receipt.ok for receipt in receipts)
    assert len(consumed(mock, "tickets", 501)) == 501


def test_what_a_slow_cluster_leaves_no_time_for_is_not_tried(
    mock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, real = SimpleNamespace(now=time.monotonic()), sending._round

    def slow_round(*rest: Any) -> list[Receipt]:
        clock.now += sending.BATCH_SECONDS + 1
        return real(*rest)

    monkeypatch.setattr(sending, "_round", slow_round)
    monkeypatch.setattr(sending.time, "monotonic", lambda: clock.now)
    line = [message("A", 1), message("A", 2), message("B", 1), message("A", 3)]
    receipts = hermes.publish_many(TICKETS, line)
    monkeypatch.undo()
    assert [receipt.ok for receipt in receipts] == [True, False, True, False]
    assert receipts[1] is receipts[3] is NO_TIME
    read = consumed(mock, "tickets", 4, seconds=1)
    ids = sorted(json.loads(each.value()).get("eventId", "") for each in read)
    assert ids == ["", "A-1", "B-1"]


def test_no_topic_is_no_try(mock: str) -> None:
    assert hermes.publish(Target("kafka"), message("A", 1)).detail == "no topic is named"


def test_without_an_address_the_receipt_says_what_is_missing() -> None:
    receipt = hermes.publish(TICKETS, message("A", 1))
    assert receipt.detail == "Kafka is not set up: PSEW_KAFKA_BOOTSTRAP names no broker."


def test_without_the_package_the_receipt_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    assert 'install "psew[kafka]"' in hermes.publish(TICKETS, message("A", 1)).detail


def test_a_setting_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("PSEW_KAFKA_EXTRA", "no.such.thing=1")
    assert "no.such.thing" in hermes.publish(TICKETS, message("A", 1)).detail


def test_the_environment_sets_access_but_not_order() -> None:
    told = configuration(
        _environment("a:9093,b:9093")
        | {
            "PSEW_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "PSEW_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "PSEW_KAFKA_USERNAME": "psew",
            "PSEW_KAFKA_PASSWORD": "a=b,c",
            "PSEW_KAFKA_CA_FILE": "/etc/ca.pem",
            "PSEW_KAFKA_EXTRA": "compression.type=lz4, acks=0",
        }
    )
    assert told["bootstrap.servers"] == "a:9093,b:9093"
    assert told["sasl.password"] == "a=b,c"
    assert told["ssl.ca.location"] == "/etc/ca.pem"
    assert told["compression.type"] == "lz4"
    assert told["acks"] == "all"


def test_a_list_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("PSEW_KAFKA_EXTRA", "compression.type")
    assert "key=value" in hermes.publish(TICKETS, message("A", 1)).detail


def _environment(address: str) -> dict[str, str]:
    return {"PSEW_KAFKA_BOOTSTRAP": address}
