"""Publish to any message bus that has a REST proxy: one step per topic (R152, R161).

Settings: `style` (rest_v2, rest_v3, plain), `cluster` (v3), `success_codes` (plain), `headers`
(sent along, credentials for instance), `partitions` and `replication` (topics made by us).
"""

from collections.abc import Sequence

from notifications.publishers.http import Line
from notifications.publishers.interface import Message, Receipt, Target, one_by_one
from notifications.publishers.open_bus.styles import STYLES, NoAddress, Style
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
        name = target.settings.get("style", "plain")
        style = STYLES.get(name)
        if style is None:
            unheard = Receipt(ok=False, detail=f"there is no style {name!r} of REST proxy")
            return one_by_one(lambda _: unheard, messages)
        with Line() as line:
            return one_by_one(lambda message: _post(line, style, target, message), messages)


def _post(line: Line, style: Style, target: Target, message: Message) -> Receipt:
    try:
        request = style.request(target, message)
    except NoAddress as error:
        return Receipt(ok=False, detail=str(error))
    headers = {**target.settings.get("headers", {}), **request.headers}
    return style.receipt(target, line.call(request.url, body=request.body, headers=headers))
