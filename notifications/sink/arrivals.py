"""What reached the bus."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from notifications.publishers.webhook.signature import HEADER, verify_signature
from notifications.sink.dialects import Call
from notifications.sink.trouble import Trouble

TAKES = frozenset({"slow", "drip", "drop_after", "flood"})


@dataclass(frozen=True)
class Arrival:
    """One event that was taken; `signed` is None where the bus knows no secrets."""

    event: dict[str, Any]
    topic: str
    dialect: str
    path: str
    headers: dict[str, str]
    key: str | None
    signed: bool | None


@dataclass
class Arrivals:
    """What was taken and refused; the first `fail_first` calls are refused with 503.

    With `topics` only those exist; with `secrets` an unsigned event is refused with 401.
    """

    fail_first: int = 0
    topics: set[str] | None = None
    secrets: tuple[str, ...] = ()
    troubles: list[Trouble] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    arrived: list[Arrival] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def taken(self) -> list[dict[str, Any]]:
        """Return the events that were taken, in the order they came."""
        return [arrival.event for arrival in self.arrived]

    def event_ids(self) -> list[str]:
        """Return the ids of the events that were taken, in the order they came."""
        return [event["eventId"] for event in self.taken]

    def misbehave(self, trouble: Trouble) -> None:
        """Do this wrong from now on."""
        with self.lock:
            self.troubles.append(trouble)

    def behave(self) -> None:
        """Do everything right again."""
        with self.lock:
            self.troubles.clear()

    def accept(self, call: Call) -> Trouble | None:
        """Remember the event as taken or refused; return what to do wrong about it."""
        signed = self._signed(call)
        with self.lock:
            trouble = self._trouble(call, signed)
            if trouble is None or trouble.kind in TAKES:
                self.arrived.append(
                    Arrival(
                        event=call.event,
                        topic=call.topic,
                        dialect=call.dialect,
                        path=call.path,
                        headers=call.headers,
                        key=call.key,
                        signed=signed,
                    )
                )
            else:
                self.refused.append(call.event)
        return trouble

    def _trouble(self, call: Call, signed: bool | None) -> Trouble | None:
        if signed is False:
            return Trouble("fail", status=401)
        if self.topics is not None and call.topic not in self.topics:
            return Trouble("fail", status=404)
        if len(self.refused) < self.fail_first:
            return Trouble("fail")
        found = next((t for t in self.troubles if t.fits(call.topic, call.event)), None)
        if found is not None:
            found.use_up()
        return found

    def _signed(self, call: Call) -> bool | None:
        if not self.secrets:
            return None
        header = call.headers.get(HEADER.lower(), "")
        return verify_signature(self.secrets, header, call.body, now=time.time())
