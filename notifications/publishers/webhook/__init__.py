"""Post an event to a subscriber's own address, signed (tmf.md §3.10, R13)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from django.utils import timezone

from notifications.publishers.http import Line, judged
from notifications.publishers.interface import Message, Receipt, Send, Target, one_by_one
from notifications.publishers.webhook.signature import HEADER, signature, verify_signature

__all__ = ["WebhookPublisher", "address", "verify_signature"]

LISTENER = "listener"


class WebhookPublisher:
    """Settings: `address` (`exact` or `listener`), `headers` (sent along as they are)."""

    def publish(self, target: Target, message: Message) -> Receipt:
        """Post the event; any 2xx is a delivery."""
        return self.publish_many(target, [message])[0]

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        """Post events in order over one connection."""
        with self.kept(target) as send:
            return send(messages)

    @contextmanager
    def kept(self, target: Target) -> Iterator[Send]:
        """Keep the connection to the block's end."""
        with Line() as line:
            yield lambda messages: one_by_one(partial(_post, line, target), messages)


def address(target: Target, event_type: str) -> str:
    """Return where an event of this type goes: the callback itself, or its listener below."""
    if target.settings.get("address") != LISTENER:
        return target.url
    parts = urlsplit(target.url)
    name = event_type[:1].lower() + event_type[1:]
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/listener/{name}"))


def _post(line: Line, target: Target, message: Message) -> Receipt:
    body = message.text.encode()
    headers = {
        **target.settings.get("headers", {}),
        "Content-Type": "application/json",
        "X-Psew-Event-Id": message.event_id,
        "X-Psew-Event-Type": message.event_type,
        "X-Psew-Sequence": str(message.sequence),
    }
    if target.secrets:
        headers[HEADER] = signature(target.secrets, body, now=int(timezone.now().timestamp()))
    return judged(line.call(address(target, message.event_type), body=body, headers=headers))
