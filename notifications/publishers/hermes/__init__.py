"""Publish to Apache Kafka: key = ticket, headers, idempotent, never past a failure (R157)."""

import os
from collections.abc import Sequence

from notifications.publishers.hermes.configuration import NotSetUp, configuration
from notifications.publishers.hermes.producers import close_producers, producer_for
from notifications.publishers.hermes.sending import send_in_rounds, topic_error
from notifications.publishers.interface import Message, Receipt, Target, one_by_one

__all__ = ["HermesPublisher", "close_producers"]


class HermesPublisher:
    """Takes the cluster from PSEW_KAFKA_*; the topic is the target's."""

    def publish(self, target: Target, message: Message) -> Receipt:
        """Send one event and wait until the cluster has it."""
        return self.publish_many(target, [message])[0]

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        """Send events; all tickets together, the events of one ticket one after the other."""
        try:
            kept = producer_for(configuration(os.environ))
        except NotSetUp as error:
            missing = Receipt(ok=False, detail=f"Kafka is not set up: {error}")
            return one_by_one(lambda _: missing, messages)
        trouble = topic_error(kept, target.topic)
        if trouble is not None:
            return one_by_one(lambda _: trouble, messages)
        return send_in_rounds(kept, target.topic, messages)
