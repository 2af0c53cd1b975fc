"""What every way out of the house takes and gives: plain values in, a receipt out (R161)."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, runtime_checkable

# Only these blame the event. Rights, addresses and topics can be mended while it waits.
BLAMING = frozenset({400, 409, 413, 422})


@dataclass(frozen=True, slots=True)
class Target:
    """Where events go: an address or a topic, the way's own settings, signing secrets.

    The first secret is the newest; a second one is still valid while it is being replaced.
    """

    name: str
    url: str = ""
    topic: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way, `text` its payload as JSON.

    `key` is the ticket's id, `sequence` counts the ticket's events.
    """

    event_id: str
    event_type: str
    key: str
    sequence: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """Return the payload; a new one each time."""
        payload: dict[str, Any] = json.loads(self.text)
        return payload

    def identity(self) -> dict[str, str]:
        """Return what a bus with headers carries beside the payload; `headers` come on top."""
        return {
            "origin": "psew",
            "eventId": self.event_id,
            "eventType": self.event_type,
            "sequence": str(self.sequence),
            "contentType": "application/json",
            **self.headers,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one try; `retry_after` is what the other side asked for, in seconds.

    `refused` says whether the event itself was not wanted (None: an HTTP status tells); `tried`
    is false for an event that stayed behind an earlier one of its ticket.
    """

    ok: bool
    status: int | None = None
    detail: str = ""
    retry_after: int | None = None
    refused: bool | None = None
    tried: bool = True

    @property
    def hopeless(self) -> bool:
        """Tell whether the other side refused the event itself: trying on hardly helps."""
        if self.refused is not None:
            return self.refused
        return self.status in BLAMING


NOT_TRIED = Receipt(
    ok=False, detail="not tried: the ticket waits for an earlier event", tried=False
)


NO_TIME = Receipt(ok=False, detail="not tried: the batch took too long", tried=False)
# A try may take fifteen seconds more; together they stay below the lease of a delivery (R4).
BATCH_SECONDS = 12.0


class Publisher(Protocol):
    """A way out. It never raises for what the other side does: that is in the receipt."""

    def publish(self, target: Target, message: Message) -> Receipt:
        """Send one event once."""

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        """Send events in their order; one receipt each, in the same order.

        After a failure nothing later of the same ticket is sent: those get `NOT_TRIED`. What a
        slow target leaves no time for gets `NO_TIME`.
        """


Send = Callable[[Sequence[Message]], list[Receipt]]


@runtime_checkable
class Keeping(Protocol):
    """A publisher that can keep what it needs to talk from one call to the next."""

    def kept(self, target: Target) -> AbstractContextManager[Send]:
        """Give a `publish_many` for this target that keeps its connection to the block's end."""


def sending_to(publisher: Publisher, target: Target) -> AbstractContextManager[Send]:
    """Give a `publish_many` for this target, over one connection where the publisher can."""
    if isinstance(publisher, Keeping):
        return publisher.kept(target)
    return nullcontext(partial(publisher.publish_many, target))


def one_by_one(
    publish: Callable[[Message], Receipt],
    messages: Sequence[Message],
    *,
    seconds: float = BATCH_SECONDS,
) -> list[Receipt]:
    """Publish in order and hold each ticket's line behind its first failure."""
    until = time.monotonic() + seconds
    stuck: set[str] = set()
    receipts: list[Receipt] = []
    for message in messages:
        if message.key in stuck:
            receipts.append(NOT_TRIED)
            continue
        receipt = publish(message) if time.monotonic() < until else NO_TIME
        if not receipt.ok:
            stuck.add(message.key)
        receipts.append(receipt)
    return receipts
