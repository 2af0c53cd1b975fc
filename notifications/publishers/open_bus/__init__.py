"""Publish to any message bus that has a REST proxy: one step per topic (R152, R161).

Settings: `style` (rest_v2, rest_v3, plain), `cluster` (v3), `success_codes` (plain), `headers`
(sent along, credentials for instance), `partitions` and `replication` (topics made by us).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from notifications.publishers.http import Line
from notifications.publishers.interface import Message, Receipt, Send, Target, one_by_one
from notifications.publishers.open_bus.styles import STYLES, NoAddress
from notifications.publishers.open_bus.topics import Presence, check_topic, create_topic

__all__ = ["OpenBusPublisher", "Presence", "check_topic", "create_topic"]


class OpenBusPublisher:
    """Speaks to Confluent's, Redpanda's, Strimzi's and Aiven's proxies, or posts plain JSON."""

    check_topic = staticmethod(check_topic)

    def publish(self, target: Target, message: Message) -> Receipt:
        """Post one event to the target's topic."""
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


def _post(line: Line, target: Target, message: Message) -> Receipt:
    name = target.settings.get("style", "plain")
    style = STYLES.get(name)
    if style is None:
        return Receipt(ok=False, detail=f"there is no style {name!r} of REST proxy")
    try:
        request = style.request(target, message)
    except NoAddress as error:
        return Receipt(ok=False, detail=str(error))
    headers = {**target.settings.get("headers", {}), **request.headers}
    return style.receipt(target, line.call(request.url, body=request.body, headers=headers))
