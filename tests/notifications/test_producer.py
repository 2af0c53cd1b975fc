"""The producer under its properties (R163, R165-R172)."""

import logging
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from core import properties
from core.properties import Property
from notifications import outbox, producing
from notifications.models import OutboundDelivery, StagedEvent, Topic
from notifications.outbox import Limits, produce_due, run
from notifications.properties import (
    BATCH_LIMIT,
    EVENT_LOG,
    LEVELS,
    LOCK_ATTEMPTS,
    LOCK_WAIT,
    MAX_RECORDS,
    MAX_RUNTIME,
    PUBLISHER_MODE,
)
from notifications.topic_lines import make_lines
from tests.cases.conftest import set_property
from tests.notifications.lining import ON_POSTGRES, at_once, stage, subscribe, ticket_ids

pytestmark = pytest.mark.django_db
PREFIX = "sn_api_notif_mgmt"


def limits(**values: object) -> Limits:
    known = {"records": 200, "batch": 50, "milliseconds": 90_000, "log": "err"}
    return Limits(**{**known, "lock_attempts": 3, "lock_wait": 100, **values})  # type: ignore[arg-type]


def waiting() -> int:
    return StagedEvent.objects.filter(state=StagedEvent.State.READY).count()


@pytest.mark.parametrize(
    ("prop", "name", "default", "aliases"),
    [
        (EVENT_LOG, "event.log", "err", []),
        (
            PUBLISHER_MODE,
            "publisher_mode",
            "openMessageBus",
            ["publisher_message_bus_configuration", "publisher_message_bus_config"],
        ),
        (MAX_RECORDS, "inboundqueue.maxrecords", 200, []),
        (BATCH_LIMIT, "inboundqueue.batch.limit", 200, ["inboundqueuebatchsize"]),
        (MAX_RUNTIME, "schedule.max.runtime", 90_000, ["schedule.mutex.timeout"]),
        (LOCK_ATTEMPTS, "glide.mutex.script.maxspins", 100, ["glide.mutex.maxAttempts"]),
        (LOCK_WAIT, "glide.mutex.script.spinwait", 100, ["glide.mutex.spinWait"]),
    ],
)
def test_properties_have_the_documents_names_and_defaults(
    prop: Property[object], name: str, default: object, aliases: list[str]
) -> None:
    assert (prop.name, prop.default) == (f"{PREFIX}.{name}", default)
    assert prop.aliases == tuple(f"{PREFIX}.{alias}" for alias in aliases)
    for spelling in (prop.name, *prop.aliases):
        assert properties.find(spelling) is prop
    assert prop.value() == default


@pytest.mark.parametrize(
    ("queue", "batches", "left", "next_run"),
    [(130, [50, 50, 30], 0, []), (220, [50, 50, 50, 50], 20, [20])],
)
def test_batches_are_cut_as_the_document_says(
    queue: int, batches: list[int], left: int, next_run: list[int]
) -> None:
    set_property(BATCH_LIMIT, "50")
    set_property(MAX_RECORDS, "200")
    stage(ticket_ids(queue))
    assert run(Limits.now()) == batches
    assert waiting() == left
    assert run(Limits.now()) == next_run
    assert waiting() == 0


def test_every_batch_is_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    stage(ticket_ids(100))
    made = producing.event_payload

    def breaks_in_the_second_batch(event: StagedEvent) -> object:
        if event.ticket_uid.int > 50:
            raise SystemExit
        return made(event)

    monkeypatch.setattr(producing, "event_payload", breaks_in_the_second_batch)
    with pytest.raises(SystemExit):
        run(limits())
    assert waiting() == 50


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_filters_the_log(level: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for each in LEVELS:
        limits(log=level).say(each, f"at {each}")
    expected = LEVELS[: LEVELS.index(level) + 1]
    assert caplog.messages == [f"at {each}" for each in expected]


@pytest.mark.parametrize(("level", "told"), [("err", 1), ("crit", 0)])
def test_a_broken_event_is_logged_as_an_error(
    level: str, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    set_property(EVENT_LOG, level)
    stage(ticket_ids(2))
    StagedEvent.objects.filter(ticket_uid=ticket_ids(1)[0]).update(snapshot={"ticket": {}})
    produce_due()
    assert len([m for m in caplog.messages if "cannot be produced: KeyError" in m]) == told
    states = StagedEvent.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [StagedEvent.State.ERROR, StagedEvent.State.COMPLETED]


@pytest.mark.parametrize(
    ("mode", "buses"),
    [
        ("openMessageBus", ["open_bus"]),
        ("hermes", ["hermes"]),
        ("both", ["open_bus", "hermes"]),
    ],
)
def test_the_publisher_mode_chooses_the_bus(mode: str, buses: list[str]) -> None:
    set_property(PUBLISHER_MODE, mode)
    make_lines(Topic.objects.create(name="tickets"))
    mailbox = subscribe("mailbox", transport="mail", url="noc@psew.example")
    stage(ticket_ids(1))
    produce_due()
    rows = OutboundDelivery.objects.order_by("pk").exclude(subscriber=mailbox)
    assert list(rows.values_list("subscriber__transport", flat=True)) == buses
    # What is no topic does not depend on the bus.
    assert OutboundDelivery.objects.filter(subscriber=mailbox).count() == 1


def a_clock(step: float) -> SimpleNamespace:
    """Return a clock that moves on at every look, and counts what was slept."""
    clock = SimpleNamespace(now=0.0, slept=[])

    def monotonic() -> float:
        clock.now += step
        return clock.now

    clock.monotonic, clock.sleep = monotonic, clock.slept.append
    return clock


def test_a_run_over_its_time_stops_between_batches_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # 40 seconds pass with every batch; the third one would begin after 120.
    monkeypatch.setattr(outbox, "time", a_clock(40))
    stage(ticket_ids(180))
    assert run(limits()) == [50, 50]
    assert waiting() == 80
    (record,) = caplog.records
    assert (record.levelno, "stopped after 90000 ms" in record.message) == (logging.ERROR, True)


def test_a_run_that_has_done_everything_in_time_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outbox, "time", a_clock(40))
    stage(ticket_ids(100))
    assert run(limits()) == [50, 50]
    assert caplog.messages == []


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_another_no_longer_than_it_may(
    base: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = a_clock(0)
    monkeypatch.setattr(outbox, "time", clock)
    stage(ticket_ids(10))
    taken = limits(lock_attempts=7, lock_wait=30, log="warning")
    with transaction.atomic():
        if connection.vendor == ON_POSTGRES:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [outbox.QUEUE_LOCK])
        else:
            monkeypatch.setattr(outbox, "_lock_queue", lambda: False)
        at_once(lambda: run(taken), rivals=2)
    # Six waits lie between seven tries, of each of the two.
    rivals = 2 if connection.vendor == ON_POSTGRES else 1
    assert clock.slept == [0.03] * 6 * rivals
    assert waiting() == 10
    assert caplog.messages == ["Another run holds the queue; this one gives up."] * rivals


@pytest.mark.django_db(transaction=True)
def test_producers_at_once_produce_every_event_once(base: None) -> None:
    subscriber, tickets = subscribe(), ticket_ids(40)
    stage(tickets, count=15)
    sizes: list[int] = []
    many = limits(records=600, batch=7, lock_attempts=1000, lock_wait=1)
    at_once(lambda: sizes.extend(run(many)), rivals=4)
    assert sum(sizes) == 600
    assert waiting() == 0
    rows = OutboundDelivery.objects.filter(subscriber=subscriber).order_by("pk")
    for ticket in tickets:
        told = rows.filter(ticket_uid=ticket).values_list("event__sequence", flat=True)
        assert list(told) == list(range(1, 16))
