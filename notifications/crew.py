"""Serve subscribers side by side, so that one that hangs keeps a thread busy and nobody else."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing

from django.db import connection

from core.scope import everything
from core.wake import wake

logger = logging.getLogger(__name__)
WORKERS = 16
# Whoever takes longer goes on in the background; the next drain begins without waiting for it.
WAIT_SECONDS = 3.0


class Crew:
    """Threads of this process that serve; a subscriber is served by one of them at a time."""

    def __init__(self, serve: Callable[[int], int], *, seconds: float = WAIT_SECONDS) -> None:
        self.seconds = seconds
        self._serve = serve
        self._lock = threading.Lock()
        self._busy: set[int] = set()
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="outbound")

    def serve(self, subscriber_ids: Sequence[int]) -> int:
        """Serve those who are not being served; return how many tries were made meanwhile."""
        with self._lock:
            idle = [pk for pk in subscriber_ids if pk not in self._busy]
            self._busy.update(idle)
        rounds = [self._begun(pk) for pk in idle]
        done, _late = wait(rounds, timeout=self.seconds)
        return sum(each.result() for each in done)

    def end(self) -> None:
        """Wait until nobody is being served any more; the crew serves no more after that."""
        self._pool.shutdown(wait=True)

    def _begun(self, subscriber_id: int) -> Future[int]:
        try:
            return self._pool.submit(self._round, subscriber_id)
        except RuntimeError as error:
            # No thread to be had now; the next drain asks again.
            logger.warning("subscriber %s has to wait: %s", subscriber_id, error)
            self._release(subscriber_id)
            nothing: Future[int] = Future()
            nothing.set_result(0)
            return nothing

    def _release(self, subscriber_id: int) -> None:
        with self._lock:
            self._busy.discard(subscriber_id)

    def _round(self, subscriber_id: int) -> int:
        done = 0
        try:
            with closing(connection), everything():
                done = self._serve(subscriber_id)
        except Exception:
            logger.exception("subscriber %s could not be served", subscriber_id)
        finally:
            self._release(subscriber_id)
        if done:
            # Something more may have come meanwhile, or is left.
            wake("outbound")
        return done
