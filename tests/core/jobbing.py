"""A kind of work for tests: it makes one change request per key."""

from collections.abc import Callable
from datetime import datetime

from changes.models import ChangeRequest
from core.errors import Refused
from core.jobs import Outcome, created, job_kind, skipped
from core.models import Job

KIND = "test.changes"
Meddle = Callable[[str], None]


class Maker:
    """Makes a change request per key, and what a test wants to happen in between."""

    def __init__(self) -> None:
        self.chunks: list[list[str]] = []
        self.meddle: Meddle = lambda key: None
        self.ends = 0

    def run_chunk(self, job: Job, keys: list[str], now: datetime) -> list[Outcome]:
        self.chunks.append(keys)
        return [self._make(key) for key in keys]

    def _make(self, key: str) -> Outcome:
        if ChangeRequest.objects.filter(number=key).exists():
            return skipped(key, "It exists.")
        ChangeRequest.objects.create(number=key, short_description="Made by a job")
        self.meddle(key)
        return created(key, label=f"Change {key}", record=f"change:{key}")

    def at_end(self, job: Job, now: datetime) -> None:
        self.ends += 1

    def register(self, *, chunk: int = 10) -> None:
        job_kind(KIND, label="Make changes", chunk=chunk, at_end=self.at_end)(self.run_chunk)


def refuse(*keys: str) -> Meddle:
    """Return a meddler that refuses these keys."""

    def meddle(key: str) -> None:
        if key in keys:
            raise Refused(f"{key} is not wanted.")

    return meddle
