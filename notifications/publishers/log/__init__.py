"""The in-app event log: the delivery row itself is what one looks at."""

from collections.abc import Sequence

from notifications.publishers.interface import Message, Receipt, Target


class LogPublisher:
    """Accepts everything; nothing leaves the machine."""

    def publish(self, target: Target, message: Message) -> Receipt:
        """Accept the event."""
        return Receipt(ok=True, detail="kept in the event log")

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        """Accept every event."""
        return [self.publish(target, message) for message in messages]
