"""Duties are done once per period, whoever ticks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from core import schedule
from core.models import Heartbeat
from core.scope import current_scope, use_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_duties_of_apps() -> Iterator[None]:
    before = dict(schedule._duties)
    schedule._duties.clear()
    yield
    schedule._duties.clear()
    schedule._duties.update(before)


def test_a_duty_is_done_once_per_period(scheduler_tick: Callable[[], int]) -> None:
    ran: list[datetime] = []
    schedule.duty("sweep", every=timedelta(hours=1))(ran.append)
    scheduler_tick()
    scheduler_tick()
    assert len(ran) == 1

    earlier = ran[0] - timedelta(hours=1)
    Heartbeat.objects.filter(name="sweep").update(beat_at=earlier)
    scheduler_tick()
    assert len(ran) == 2


def test_a_duty_sees_all_domains(scheduler_tick: Callable[[], int]) -> None:
    seen: list[object] = []
    schedule.duty("look", every=timedelta(hours=1))(
        lambda now: seen.append(current_scope().domain_ids)
    )
    with use_scope(None):
        scheduler_tick()
    assert seen == [None]


def test_a_broken_duty_does_not_stop_the_others(scheduler_tick: Callable[[], int]) -> None:
    ran: list[datetime] = []

    def broken(now: datetime) -> None:
        raise RuntimeError

    schedule.duty("broken", every=timedelta(hours=1))(broken)
    schedule.duty("sound", every=timedelta(hours=1))(ran.append)
    scheduler_tick()
    assert len(ran) == 1


def test_every_tick_leaves_a_heartbeat(scheduler_tick: Callable[[], int], now: datetime) -> None:
    scheduler_tick()
    assert Heartbeat.objects.get(name=schedule.TICK).beat_at >= now
