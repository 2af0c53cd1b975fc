"""Wake a worker after a commit; the wake-up may be lost, the work may not.

Work lies in tables. A *drain* is a function that takes what is due from one of them. Workers run
a drain when woken over the broker; the scheduler runs all of them every tick, so a dead or empty
broker delays work by a tick and loses none.
"""

import logging
import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings

from core.crash_points import crash_point

logger = logging.getLogger(__name__)

Drain = Callable[[], int]
_drains: dict[str, Drain] = {}
# After a failed wake-up the broker is left alone this long: creators must not wait for it.
QUIET_SECONDS = 5.0
_quiet_until = 0.0


def drain(name: str) -> Callable[[Drain], Drain]:
    """Register a function that does the due work of one table and returns how much it did."""

    def register(function: Drain) -> Drain:
        _drains[name] = function
        return function

    return register


def drains() -> dict[str, Drain]:
    """Return the registered drains by name."""
    return dict(_drains)


def wake(name: str) -> None:
    """Hint over the broker that this table has due work; never raises."""
    global _quiet_until
    crash_point("wake")
    if not settings.REDIS_URL or time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task("core.drain", kwargs={"name": name}, retry=False)
    except Exception as error:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("wake-up lost, the scheduler will find the work: %s", error)
