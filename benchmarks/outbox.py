"""Tell how fast events leave the house: `python3 -m benchmarks.outbox`.

Beside psew's producer and sender run, in turns on the same PostgreSQL and the same bus, a raw loop
(claim → publish → mark, in SQL, batches of 1 000) and the raw client that does nothing else. psew's
way does more: it makes the payload, chooses subscribers, and writes down every try. Runs on the
test database of this site, which it makes and drops.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.site import measured_on_a_test_site

COUNTS = {"http": 2_000, "hermes": 10_000}
ROUNDS = 3
RAW_BATCH = 1_000
TOPIC = "benchmark"
SERVE = (
    "import sys, time\n"
    "from notifications.sink import Arrivals, running\n"
    "with running(Arrivals()) as bus:\n"
    "    print(bus.url, flush=True)\n"
    "    sys.stdin.read()\n"
)


def main() -> int:
    """Measure every way out and print medians and ratios."""
    return measured_on_a_test_site("benchmarks.outbox", _print_ways)


def _print_ways() -> None:
    with _http_bus() as url, _kafka():
        for transport in COUNTS:
            _print_way(transport, url)


@contextmanager
def _http_bus() -> Iterator[str]:
    """A bus in a process of its own that keeps connections; yields its address."""
    command = [sys.executable, "-c", SERVE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


@contextmanager
def _kafka() -> Iterator[None]:
    """The client's own mock cluster: it stores nothing, so the client sets the pace."""
    from confluent_kafka import Producer

    from notifications.publishers.hermes import close_producers
    from tests.notifications.publishers.kafka import mock_cluster

    with mock_cluster() as address:
        os.environ["PSEW_KAFKA_BOOTSTRAP"] = address
        # Producing makes the topic, which psew itself never does.
        maker = Producer({"bootstrap.servers": address, "log_level": 0})
        maker.produce(TOPIC, b"{}")
        assert maker.flush(5) == 0
        try:
            yield
        finally:
            close_producers(0)


def _print_way(transport: str, url: str) -> None:
    """Measure the three loops in turns, so that whatever else runs hits all of them."""
    ways = {
        "client alone": _client_alone,
        "raw loop": _raw_loop,
        "psew's sender": _sender,
        "psew as a whole": _psew,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    count = COUNTS[transport]
    for _ in range(ROUNDS):
        for name, way in ways.items():
            _clear()
            run = way(_subscriber(transport, url), count)
            rates[name].append(count / _seconds(run))
    medians = {name: statistics.median(each) for name, each in rates.items()}
    print(f"{transport}: {count} events, median of {ROUNDS}")
    for name, rate in medians.items():
        ratio = rate / medians["raw loop"]
        print(f"  {name:15} {rate:9.0f} event/s  {ratio:5.2f} of the raw loop", flush=True)


def _client_alone(subscriber: Any, count: int) -> Callable[[], None]:
    messages = [_message(each) for each in _staged(count, produced=True)]
    return lambda: _publish(subscriber, messages)


def _raw_loop(subscriber: Any, count: int) -> Callable[[], None]:
    from django.db import connection, transaction

    _staged(count, produced=True)

    def run() -> None:
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CLAIM, [RAW_BATCH])
                rows = cursor.fetchall()
                if not rows:
                    return
                _publish(subscriber, [_made(*row[1:]) for row in rows])
                cursor.execute(MARK, [[row[0] for row in rows]])

    return run


def _sender(subscriber: Any, count: int) -> Callable[[], None]:
    """Return what sends events that are produced already, as the raw loop's are."""
    from notifications.outbox import produce_due

    _staged(count, produced=False)
    while produce_due():
        pass
    return lambda: _send_all(subscriber, count)


def _psew(subscriber: Any, count: int) -> Callable[[], None]:
    """Return what makes the payloads, chooses subscribers and sends."""
    from notifications.outbox import produce_due

    _staged(count, produced=False)

    def run() -> None:
        while produce_due():
            pass
        _send_all(subscriber, count)

    return run


def _send_all(subscriber: Any, count: int) -> None:
    from notifications.models import OutboundDelivery
    from notifications.send import CREW, send_due

    # Every drain ends with what it began, so that none is taken for the last one.
    CREW.seconds = 600.0
    while send_due():
        pass
    sent = OutboundDelivery.objects.filter(subscriber=subscriber, state="sent").count()
    assert sent == count, f"only {sent} of {count} were sent"


CLAIM = """
    SELECT id, event_id, event_type, ticket_uid, sequence, payload::text
    FROM notifications_stagedevent WHERE error = 'raw'
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
MARK = "UPDATE notifications_stagedevent SET error = '' WHERE id = ANY(%s)"


def _staged(count: int, *, produced: bool) -> list[Any]:
    """Stage events, ten of each ticket; produced ones carry their payload and the raw mark."""
    from django.db import connection

    from notifications.models import StagedEvent
    from notifications.payloads import event_payload
    from tests.notifications.lining import stage, ticket_ids

    stage(ticket_ids(count // 10), count=10)
    rows = list(StagedEvent.objects.select_related("domain").order_by("pk"))
    if produced:
        for row in rows:
            row.payload, row.state, row.error = event_payload(row), "completed", "raw"
        StagedEvent.objects.bulk_update(rows, ["payload", "state", "error"], batch_size=1000)
    with connection.cursor() as cursor:
        # A site's statistics know of its events, an emptied table's do not.
        cursor.execute("ANALYZE notifications_stagedevent")
    return rows


def _message(event: Any) -> Any:
    import json

    text = json.dumps(event.payload)
    return _made(event.event_id, event.event_type, event.ticket_uid, event.sequence, text)


def _made(event_id: Any, event_type: str, ticket: Any, sequence: int, text: str) -> Any:
    from notifications.publishers.interface import Message

    return Message(str(event_id), event_type, str(ticket), sequence, text, {"origin": "psew"})


def _publish(subscriber: Any, messages: list[Any]) -> None:
    from notifications.publishers import PUBLISHERS
    from notifications.targets import target_of

    publisher, target = PUBLISHERS[subscriber.transport], target_of(subscriber)
    receipts = publisher.publish_many(target, messages)
    assert all(receipt.ok for receipt in receipts), receipts[0]


def _subscriber(transport: str, url: str) -> Any:
    from core.models import SystemProperty
    from notifications.models import Subscriber, Topic
    from notifications.properties import PUBLISHER_MODE

    if transport == "http":
        return Subscriber.objects.create(name="bus", transport="http", url=url)
    SystemProperty.objects.update_or_create(
        name=PUBLISHER_MODE.name, domain=None, defaults={"value": "hermes"}
    )
    topic = Topic.objects.create(name=TOPIC)
    return Subscriber.objects.create(name=TOPIC, transport="hermes", topic=topic)


def _clear() -> None:
    from django.db import connection

    tables = ("attempt", "outbounddelivery", "stagedevent", "subscriber", "topic")
    with connection.cursor() as cursor:
        names = ", ".join(f"notifications_{table}" for table in tables)
        cursor.execute(f"TRUNCATE {names} CASCADE")


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
