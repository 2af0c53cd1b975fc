"""What is promised about lines while senders, subscribers and administrators act at once."""

import random
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications import lines, patience, send
from notifications.crew import Crew
from notifications.lines import LEASE, claim, due_subscribers, finish, prolong
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber
from notifications.order import BATCH, next_in_line
from notifications.patience import Outcome, backoff
from notifications.payloads import teller_for
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Message, Receipt, Target
from notifications.send import send_due, serve
from tests.notifications.helping import Answering, State
from tests.notifications.lining import (
    ON_POSTGRES,
    at_once,
    counted,
    produce_all,
    stage,
    subscribe,
    ticket_ids,
)

FINE = Receipt(ok=True, status=204)
DOWN = Receipt(ok=False, detail="connection refused")


@pytest.fixture
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what lets HTTP endpoints answer with a function."""

    def answer(function: Callable[[Target, Message], Receipt]) -> None:
        monkeypatch.setitem(PUBLISHERS, "http", Answering(function))

    return answer


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """A crew whose drains wait only a moment for who is slow."""
    made = Crew(serve, seconds=0.3)
    monkeypatch.setattr(send, "CREW", made)
    yield made
    made.end()


@pytest.mark.django_db(transaction=True)
def test_who_hangs_holds_up_nobody_else(
    base: None, answer_with: Callable[..., None], crew: Crew
) -> None:
    if connection.vendor != ON_POSTGRES:
        pytest.fail("one process on SQLite serves one after another; run it on PostgreSQL")
    hangs, fine = subscribe("hangs"), subscribe("fine")
    let_go, asked = threading.Event(), []

    def answer(target: Target, message: Message) -> Receipt:
        if target.name == "hangs":
            asked.append(message.event_id)
            let_go.wait(60)
        return FINE

    answer_with(answer)
    stage(ticket_ids(3))
    produce_all()
    for _ in range(3):
        send_due()
    stage(ticket_ids(3), first=2)
    produce_all()
    send_due()
    assert counted(fine) == {State.SENT: 6}
    assert counted(hangs) == {State.READY: 6}
    # It is asked once, not once more by every drain.
    assert len(asked) == 1
    let_go.set()
    crew.end()
    assert counted(hangs)[State.SENT] >= 3


@pytest.mark.django_db(transaction=True)
def test_several_senders_lose_nothing_and_keep_every_line_in_order(
    base: None, answer_with: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "backoff", lambda attempts, most=0: 0.0)
    subscribers = [subscribe("one"), subscribe("two")]
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    chance = random.Random(7)

    def answer(target: Target, message: Message) -> Receipt:
        if chance.random() < 0.3:
            return Receipt(ok=False, status=chance.choice([500, 503]), detail="not now")
        seen[target.name, message.key].append(message.sequence)
        return FINE

    answer_with(answer)
    stage(ticket_ids(12), count=5)
    produce_all()

    def send_all() -> None:
        for _ in range(400):
            for each in subscribers:
                serve(each.pk)
            if not OutboundDelivery.objects.exclude(state=State.SENT).exists():
                return

    at_once(send_all, 4)
    assert len(seen) == 2 * 12
    assert all(numbers == [1, 2, 3, 4, 5] for numbers in seen.values())


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_event_stops_its_own_line_alone(
    base: None, answer_with: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "backoff", lambda attempts, most=0: 0.0)
    subscriber, other = subscribe("picky"), subscribe("other")
    ill, *_well = ticket_ids(5)

    def answer(target: Target, message: Message) -> Receipt:
        poison = target.name == "picky" and message.key == str(ill) and message.sequence == 2
        return Receipt(ok=False, status=422, detail="no") if poison else FINE

    answer_with(answer)
    stage(ticket_ids(5), count=3)
    produce_all()
    for _ in range(30):
        serve(subscriber.pk)
        serve(other.pk)
    assert counted(other) == {State.SENT: 15}
    assert counted(subscriber) == {State.SENT: 13, State.DEAD: 1, State.READY: 1}
    dead = OutboundDelivery.objects.get(state=State.DEAD)
    assert (dead.ticket_uid, dead.attempts, dead.error) == (ill, 5, "HTTP 422: no")
    assert lines.skip(delivery_ids=[dead.pk]) == 1
    serve(subscriber.pk)
    assert counted(subscriber) == {State.SENT: 14, State.SKIPPED: 1}


@pytest.mark.django_db(transaction=True)
def test_after_an_outage_every_line_goes_on(base: None, answer_with: Callable[..., None]) -> None:
    subscriber, up = subscribe("bus"), False
    answer_with(lambda target, message: FINE if up else DOWN)
    stage(ticket_ids(20), count=2)
    produce_all()
    at = timezone.now()
    for _ in range(8):
        tried = _serve_at(subscriber, at)
        assert tried <= patience.IN_A_ROW
        at += timedelta(seconds=patience.SLOWEST_OUTAGE)
    up = True
    for _ in range(3):
        _serve_at(subscriber, at)
        at += timedelta(seconds=patience.SLOWEST_OUTAGE)
    assert counted(subscriber) == {State.SENT: 40}


def _serve_at(subscriber: Subscriber, at: datetime) -> int:
    """Send what is due at a moment, batch after batch; return how many tries were made."""
    done = 0
    while batch := claim(subscriber.pk, now=at):
        outcomes = send._try(  # the way out is replaced, the rest is the sender's own
            lambda messages: PUBLISHERS["http"].publish_many(Target(subscriber.name), messages),
            teller_for(subscriber),
            batch.deliveries[:1],
            at,
        )
        finish(batch, outcomes, now=at)
        done += len(outcomes)
    return done


@pytest.mark.django_db
class TestWhoLostItsLease:
    @pytest.fixture
    def slow_and_quick(self, base: None, now: datetime) -> tuple[Any, Any]:
        subscriber = subscribe("bus")
        stage(ticket_ids(3))
        produce_all()
        soon = now + timedelta(minutes=1)
        slow = claim(subscriber.pk, now=soon)
        quick = claim(subscriber.pk, now=soon + LEASE * 2)
        return slow, quick

    def test_says_nothing_about_the_subscriber(
        self, slow_and_quick: tuple[Any, Any], now: datetime
    ) -> None:
        slow, quick = slow_and_quick
        assert finish(slow, [Outcome(d, DOWN, now, 1) for d in slow.deliveries], now=now) == 0
        assert Subscriber.objects.get().failures == 0
        assert finish(quick, [Outcome(d, FINE, now, 1) for d in quick.deliveries], now=now) == 3

    def test_still_has_its_tries_written_down(
        self, slow_and_quick: tuple[Any, Any], now: datetime
    ) -> None:
        slow, _quick = slow_and_quick
        finish(slow, [Outcome(d, DOWN, now, 1) for d in slow.deliveries], now=now)
        assert Attempt.objects.filter(ok=False).count() == 3

    def test_cannot_lengthen_it(self, slow_and_quick: tuple[Any, Any], now: datetime) -> None:
        slow, quick = slow_and_quick
        assert prolong(quick, now=now)
        assert not prolong(slow, now=now)

    def test_stops_when_it_holds_only_a_part(
        self, slow_and_quick: tuple[Any, Any], now: datetime
    ) -> None:
        _slow, quick = slow_and_quick
        lost = quick.deliveries[0]
        OutboundDelivery.objects.filter(pk=lost.pk).update(claim=uuid.uuid4())
        assert not prolong(quick, now=now)


@pytest.mark.django_db
def test_a_subscription_may_be_deleted_while_its_event_is_on_the_way(
    base: None, answer_with: Callable[..., None]
) -> None:
    subscriber = subscribe("leaving")

    def answer(target: Target, message: Message) -> Receipt:
        Subscriber.objects.filter(pk=subscriber.pk).delete()
        return FINE

    answer_with(answer)
    stage(ticket_ids(2))
    produce_all()
    assert serve(subscriber.pk) >= 1
    assert not OutboundDelivery.objects.exists()
    assert not Attempt.objects.exists()
    assert send_due() == 0


@pytest.mark.django_db
def test_whatever_the_other_side_says_can_be_written_down(
    base: None, answer_with: Callable[..., None]
) -> None:
    subscriber = subscribe("odd")
    answer_with(lambda target, message: Receipt(ok=False, status=500, detail="\x15\0\ud800!"))
    stage(ticket_ids(1))
    produce_all()
    assert serve(subscriber.pk) == 1
    assert Attempt.objects.get().detail == "\x15 ?!"
    assert OutboundDelivery.objects.get().error == "HTTP 500: \x15 ?!"


@pytest.mark.django_db
def test_patience_begins_with_the_first_try(base: None, now: datetime) -> None:
    subscriber = subscribe("bus")
    stage(ticket_ids(1), count=2)
    produce_all()
    batch = claim(subscriber.pk, now=now + timedelta(minutes=1))
    assert batch is not None
    first, second = batch.deliveries
    finish(batch, [Outcome(first, DOWN, now, 1)], now=now)
    rows = OutboundDelivery.objects.order_by("pk")
    assert [row.pk for row in rows] == [first.pk, second.pk]
    assert rows[0].first_tried_at is not None
    assert (rows[1].attempts, rows[1].first_tried_at) == (0, None)


@pytest.mark.django_db
def test_a_long_queue_of_one_hides_no_other(base: None, now: datetime) -> None:
    busy, rare = subscribe("busy"), subscribe("rare")
    stage(ticket_ids(10))
    event = StagedEvent.objects.first()
    others = list(StagedEvent.objects.all())
    for each in others:
        OutboundDelivery.objects.create(
            event=each, subscriber=busy, ticket_uid=each.ticket_uid, due_at=now - timedelta(1)
        )
    assert event is not None
    OutboundDelivery.objects.create(
        event=event, subscriber=rare, ticket_uid=event.ticket_uid, due_at=now
    )
    later = now + timedelta(seconds=1)
    assert due_subscribers(later) == [busy.pk, rare.pk]
    Subscriber.objects.filter(pk=busy.pk).update(paused=True)
    assert due_subscribers(later) == [rare.pk]


@pytest.mark.django_db
def test_a_front_that_waits_hides_nothing_behind_it(
    base: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.order.FRONT", 3)
    subscriber, soon = subscribe("bus"), now + timedelta(minutes=1)
    stage(ticket_ids(5), count=2)
    produce_all()
    rows = list(OutboundDelivery.objects.order_by("pk"))
    OutboundDelivery.objects.filter(pk__in=[row.pk for row in rows[:4]]).update(
        due_at=soon + timedelta(hours=1)
    )
    free = [row.pk for row in rows if row.ticket_uid == rows[4].ticket_uid]
    assert next_in_line(subscriber.pk, alone=False, now=soon) == free
    assert next_in_line(subscriber.pk, alone=True, now=soon) == free[:1]


def test_waits_double_and_the_longest_still_differ() -> None:
    for tries, seconds in ((1, 1), (3, 4), (6, 32)):
        assert seconds * 0.8 <= backoff(tries, most=60) <= seconds
    longest = [backoff(tries, most=60) for tries in range(10, 60)]
    assert all(48 <= wait <= 60 for wait in longest)
    assert len(set(longest)) > 40


class TestIndexes:
    @pytest.fixture
    def queue(self, base: None, now: datetime) -> Subscriber:
        """Ten thousand due deliveries among thirty thousand that are done with."""
        if connection.vendor != ON_POSTGRES:
            pytest.fail("this asks PostgreSQL's planner; run it on PostgreSQL")
        done, subscriber = subscribe("done"), subscribe("bus")
        stage(ticket_ids(2_000), count=10)
        events = list(
            StagedEvent.objects.order_by("pk").values_list("pk", "ticket_uid", "domain_id")
        )
        OutboundDelivery.objects.bulk_create(
            OutboundDelivery(
                event_id=pk,
                subscriber=each,
                ticket_uid=ticket,
                domain_id=domain,
                due_at=now,
                state=State.READY if each is subscriber and n >= 10_000 else State.SENT,
            )
            for each in (done, subscriber)
            for n, (pk, ticket, domain) in enumerate(events)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_outbounddelivery")
        return subscriber

    @pytest.mark.django_db
    def test_a_batch_is_read_from_the_queue_alone(self, queue: Subscriber, now: datetime) -> None:
        plans: list[str] = []

        def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            if "WITH front" in sql and "EXPLAIN" not in sql:
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN " + sql, params)
                    plans.append("\n".join(row[0] for row in cursor.fetchall()))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            batch = claim(queue.pk, now=now + timedelta(seconds=1))
        assert batch is not None
        assert len(batch.deliveries) == BATCH
        # The front of the queue is read once through an index; which one is the statistics' choice.
        assert "Join" not in plans[0]
        assert "SubPlan" not in plans[0]
        assert "Seq Scan" not in plans[0]

    @pytest.mark.django_db
    def test_what_could_not_be_done_is_found_at_once(
        self, queue: Subscriber, now: datetime
    ) -> None:
        failed = Attempt.objects.filter(ok=False, started_at__gte=now)
        broken = StagedEvent.objects.filter(state=StagedEvent.State.ERROR).order_by("pk")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_stagedevent")
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "failed_tries" in failed.explain()
        assert "staged_error" in broken.explain()
