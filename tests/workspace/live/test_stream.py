"""The event stream: what is told to whom, what is told again, and when it ends."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actor import actor_of
from core.models import DomainEvent, User
from incidents.actions import update_incident
from tests.workspace.live.listening import Hearing, hearing
from workspace.live import connection as connections
from workspace.live import log, stream
from workspace.live.log import newest_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often than a real stream, and let Django be asked from an event loop."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.01)


def test_a_change_reaches_who_listens(people: Any, opened: Any, now: datetime) -> None:
    incident = opened()

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)
        assert (listener.status, listener.hints) == (200, [])
        assert listener.heads["content-type"].startswith("text/event-stream")
        assert listener.heads["x-accel-buffering"] == "no"
        values = {"urgency": 1}
        by = actor_of(people.luis)
        update_incident(incident_id=incident.pk, values=values, by=by, now=now)
        await listener.until(lambda: listener.hints)
        assert {hint["number"] for hint in listener.hints} == {incident.number}
        assert f"id: {listener.hints[-1]['event']}\n" in listener.text
        await listener.leave()

    hearing(play)


def test_a_tenant_hears_nothing_of_another(tenants: Any, opened: Any) -> None:
    async def play(scene: Hearing) -> None:
        north = await scene.hear(tenants.north)
        south = await scene.hear(tenants.south)
        nobody = await scene.hear(User.objects.create_user("nobody"))
        mine, other = opened(by=tenants.north), opened(by=tenants.south)
        await north.until(lambda: north.hints)
        await south.until(lambda: south.hints)
        assert {hint["number"] for hint in north.hints} == {mine.number}
        assert {hint["number"] for hint in south.hints} == {other.number}
        assert nobody.hints == []

    hearing(play)


@pytest.mark.parametrize("way", ["header", "query"])
def test_who_comes_back_hears_what_was_missed(people: Any, opened: Any, way: str) -> None:
    opened("Before")
    DomainEvent.objects.update(happened_at="2026-01-01T00:00:00Z")
    place = newest_id()
    missed = opened("Missed")

    async def play(scene: Hearing) -> None:
        # A browser that reconnects sends both; the header is the newer one.
        headers = {"last-event-id": str(place)} if way == "header" else {}
        query = "after=1" if way == "header" else f"after={place}"
        listener = await scene.hear(people.nadia, headers=headers, query=query)
        assert {hint["number"] for hint in listener.hints} == {missed.number}

    hearing(play)


def test_too_much_to_replay_asks_for_a_fresh_page(
    people: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "CAP", 1)
    for n in range(2):
        opened(f"Fault {n}")

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia, query="after=0")
        assert listener.batches[0]["refresh"] is True

    hearing(play)


def test_what_committed_behind_a_later_event_is_told_once(people: Any, opened: Any) -> None:
    """The id of the late one was given before that of the one already told."""
    late = opened("Late")
    events = list(DomainEvent.objects.filter(record_id=late.pk).order_by("pk"))
    DomainEvent.objects.filter(pk__in=[event.pk for event in events]).delete()

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)
        other = opened("On time")
        await listener.until(lambda: listener.hints)
        DomainEvent.objects.bulk_create(events)
        await listener.until(lambda: len(listener.hints) > 1)
        await listener.until(
            lambda: {h["number"] for h in listener.hints} == {other.number, late.number}
        )
        keys = [(hint["event"], hint["id"]) for hint in listener.hints]
        assert len(keys) == len(set(keys))

    hearing(play)


def test_the_end_of_a_session_ends_its_connection(people: Any) -> None:
    async def play(scene: Hearing) -> None:
        leaving = await scene.hear(people.nadia)
        staying = await scene.hear(people.luis)
        Session.objects.get(session_key=leaving.headers["cookie"].split("=")[1]).delete()
        await leaving.until(lambda: leaving.over)
        assert not staying.over
        assert len(scene.stream.connections) == 1

    hearing(play)


def test_a_right_that_was_taken_ends_what_is_told(
    tenants: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "RIGHTS_SECONDS", 0)
    monkeypatch.setattr(connections, "BEAT_SECONDS", 0.02)
    colleague = User.objects.create_user("colleague", domain=tenants.north.domain)
    colleague.groups.set(tenants.north.groups.all())

    async def play(scene: Hearing) -> None:
        listener, witness = await scene.hear(tenants.north), await scene.hear(colleague)
        tenants.north.groups.clear()
        heard = len(listener.batches)
        await listener.until(lambda: len(listener.batches) > heard + 2)
        opened(by=tenants.north)
        await witness.until(lambda: witness.hints)
        assert listener.hints == []
        User.objects.filter(pk=tenants.north.pk).update(is_active=False)
        await listener.until(lambda: listener.over)
        assert not witness.over

    hearing(play)


def test_silence_is_broken_by_beats(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BEAT_SECONDS", 0.02)

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)
        await listener.until(lambda: len(listener.batches) > 2)
        assert listener.batches[-1] == {"last": newest_id(), "refresh": False, "changes": []}

    hearing(play)


def test_without_a_database_nothing_pretends_to_be_well(
    people: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(connections, "BEAT_SECONDS", 0.02)

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)

        def away() -> Any:
            raise OSError("database away")

        monkeypatch.setattr(scene.stream.feed, "fresh", away)
        await listener.until(lambda: not scene.stream.well)
        heard = len(listener.batches)
        await listener.until(lambda: "database away" in caplog.text)
        assert len(listener.batches) <= heard + 1
        monkeypatch.undo()

    hearing(play)


def test_who_does_not_read_is_let_go(
    people: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_UNREAD", 1)

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)
        (held,) = scene.stream.connections
        opened()
        hints = scene.stream.feed.fresh()
        for _ in range(3):
            held.tell(hints)
        await listener.until(lambda: listener.over)

    hearing(play)


def test_there_are_only_so_many(people: Any) -> None:
    async def play(scene: Hearing) -> None:
        first = await scene.hear(people.nadia)
        second = await scene.listener(scene.session(people.luis)).listen()
        assert (second.status, second.heads["retry-after"]) == (503, "30")
        await first.leave()
        assert (await scene.hear(people.luis)).status == 200

    hearing(play, most=1)


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (403, {}),
        (403, {"session": "forged"}),
        (404, {"path": "/live/other"}),
        (405, {"method": "POST"}),
        (400, {"headers": {"host": "evil.example"}}),
        (403, {"headers": {"origin": "http://evil.example"}}),
        (403, {"headers": {"origin": "http://127.0.0.1:9999"}}),
    ],
)
def test_others_are_refused(db: None, status: int, values: dict[str, Any]) -> None:
    async def play(scene: Hearing) -> None:
        assert (await scene.listener(**values).listen()).status == status

    hearing(play)


def test_a_machine_is_refused(otto: User) -> None:
    async def play(scene: Hearing) -> None:
        assert (await scene.listener(scene.session(otto)).listen()).status == 403

    hearing(play)


def test_a_changed_password_ends_what_was_begun_before(people: Any) -> None:
    async def play(scene: Hearing) -> None:
        session = scene.session(people.nadia)
        people.nadia.set_password("another one, long enough")
        people.nadia.save()
        assert (await scene.listener(session).listen()).status == 403

    hearing(play)


def test_the_sites_own_pages_may_read_it(people: Any) -> None:
    origin = "http://127.0.0.1:8000"

    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia, headers={"origin": origin})
        assert listener.heads["access-control-allow-origin"] == origin
        assert listener.heads["access-control-allow-credentials"] == "true"

    hearing(play)


def test_many_listeners_cost_one_statement(people: Any) -> None:
    async def play(scene: Hearing) -> None:
        for person in (people.nadia, people.luis, people.mei):
            await scene.hear(person)
        with CaptureQueriesContext(connection) as captured:
            scene.stream.feed.fresh()
        assert len(captured) == 1

    hearing(play)


def test_it_rests_while_nobody_listens(people: Any, opened: Any) -> None:
    async def play(scene: Hearing) -> None:
        listener = await scene.hear(people.nadia)
        watch = scene.stream._watch
        await listener.leave()
        assert watch is not None
        await watch
        opened("While nobody listened")
        again = await scene.hear(people.nadia)
        assert again.hints == []
        opened("Now")
        await again.until(lambda: again.hints)

    hearing(play)
