"""Scheduled duties, claimed by period so that two schedulers do no harm (reliability R9)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.models import Heartbeat
from core.scope import everything
from core.wake import drains

logger = logging.getLogger(__name__)

TICK = "tick"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done again and again."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


_duties: dict[str, Duty] = {}


def duty(
    name: str, *, every: timedelta
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Register a function the scheduler calls once per period."""

    def register(run: Callable[[datetime], object]) -> Callable[[datetime], object]:
        _duties[name] = Duty(name, every, run)
        return run

    return register


def tick() -> int:
    """Do what is due: all drains, then all duties of this period; return the work done."""
    now = timezone.now()
    _beat(TICK, now)
    done = sum(_guarded(name, run) for name, run in drains().items())
    for each in _duties.values():
        if _claim(each, now):
            _guarded(each.name, lambda each=each: _run_duty(each, now))  # type: ignore[misc]
    return done


def _run_duty(each: Duty, now: datetime) -> int:
    with everything():
        each.run(now)
    return 1


def _guarded(name: str, run: Callable[[], int]) -> int:
    try:
        return run()
    except Exception:
        logger.exception("duty %s failed", name)
        return 0


def _beat(name: str, now: datetime) -> None:
    if not Heartbeat.objects.filter(name=name).update(beat_at=now):
        Heartbeat.objects.get_or_create(name=name, defaults={"beat_at": now})


def _claim(each: Duty, now: datetime) -> bool:
    due = Heartbeat.objects.filter(name=each.name, beat_at__lte=now - each.every)
    if due.update(beat_at=now):
        return True
    _, first = Heartbeat.objects.get_or_create(name=each.name, defaults={"beat_at": now})
    return first
