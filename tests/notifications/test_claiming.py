"""Who may be asked, what a claim looks at twice, and what is written down before anybody talks."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.models import User
from core.scope import everything
from notifications import lines, send
from notifications.health import Flow, subscriber_health
from notifications.lines import claim, due_subscribers, replay, skip
from notifications.models import Attempt, OutboundDelivery, Subscriber
from notifications.send import serve
from tests.notifications.helping import State
from tests.notifications.lining import (
    ON_POSTGRES,
    counted,
    produce_all,
    stage,
    subscribe,
    ticket_ids,
)


@pytest.mark.django_db
def test_a_client_that_was_shut_out_is_sent_nothing_and_loses_nothing(base: None) -> None:
    client = User.objects.create_user("client", is_api_client=True)
    subscriber = subscribe("hub", client=client, hub="tmf621-v4", transport="log", url="")
    stage(ticket_ids(2))
    produce_all()
    User.objects.filter(pk=client.pk).update(is_active=False)
    assert due_subscribers(timezone.now()) == []
    assert claim(subscriber.pk, now=timezone.now()) is None
    (health,) = subscriber_health(now=timezone.now())
    assert (health.flow, health.waiting) == (Flow.OFF, 2)
    User.objects.filter(pk=client.pk).update(is_active=True)
    assert due_subscribers(timezone.now()) == [subscriber.pk]
    assert serve(subscriber.pk) == 2
    assert counted(subscriber) == {State.SENT: 2}


@pytest.mark.django_db
def test_what_was_skipped_since_the_look_is_not_claimed(
    base: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber = subscribe()
    stage(ticket_ids(3))
    produce_all()
    first, *rest = OutboundDelivery.objects.order_by("pk")
    seen = lines.next_in_line(subscriber.pk, alone=False, now=timezone.now())
    skip(delivery_ids=[first.pk])
    monkeypatch.setattr(lines, "next_in_line", lambda subscriber_id, **asked: seen)
    assert claim(subscriber.pk, now=timezone.now()) is None
    assert not OutboundDelivery.objects.exclude(lease_until=None).exists()
    monkeypatch.undo()
    batch = claim(subscriber.pk, now=timezone.now())
    assert batch is not None
    assert [each.pk for each in batch.deliveries] == [each.pk for each in rest]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["teller_for", "target_of"])
def test_what_breaks_before_the_talk_is_a_try_with_its_cause(
    base: None, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(subscriber: Subscriber) -> None:
        raise KeyError("url")

    subscriber = subscribe("log", transport="log", url="")
    stage(ticket_ids(3))
    produce_all()
    monkeypatch.setattr(send, broken, fail)
    assert serve(subscriber.pk) == 1
    (told,) = Attempt.objects.all()
    assert (told.ok, told.detail) == (False, "KeyError: 'url'")
    assert not OutboundDelivery.objects.exclude(lease_until=None).exists()
    rows = OutboundDelivery.objects.order_by("pk")
    assert [(row.attempts, row.error) for row in rows] == [(1, told.detail), (0, ""), (0, "")]
    # It is left alone as one that is down is.
    subscriber.refresh_from_db()
    assert (subscriber.failures, subscriber.quiet_until is None) == (1, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["replay", "skip"])
def test_rows_are_locked_in_the_order_of_everybody(base: None, verb: str) -> None:
    """Who waits for the first row holds none of the later ones: no two can wait for each other."""
    if connection.vendor != ON_POSTGRES:
        pytest.fail("SQLite locks whole files; run it on PostgreSQL")
    subscribe()
    stage(ticket_ids(2))
    produce_all()
    first, second = OutboundDelivery.objects.order_by("pk").values_list("pk", flat=True)
    # A row that changed lies behind the others, so that a look without an order finds it last.
    OutboundDelivery.objects.filter(pk=first).update(error="moved")

    def act() -> None:
        if verb == "replay":
            replay(delivery_ids=[second, first], now=timezone.now())
        else:
            skip(delivery_ids=[second, first])

    def run() -> None:
        try:
            with everything():
                act()
        finally:
            connection.close()

    rival = threading.Thread(target=run)
    with transaction.atomic():
        OutboundDelivery.objects.select_for_update().get(pk=first)
        rival.start()
        _wait_until_somebody_waits()
        free = OutboundDelivery.objects.select_for_update(skip_locked=True).filter(pk=second)
        assert [each.pk for each in free] == [second]
    rival.join(10)
    states = set(OutboundDelivery.objects.values_list("state", flat=True))
    assert states == {State.READY if verb == "replay" else State.SKIPPED}


def _wait_until_somebody_waits() -> None:
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody waits for the lock")
