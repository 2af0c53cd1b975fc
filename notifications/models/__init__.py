"""What leaves the house: staged events, subscribers, deliveries, attempts, messages to people."""

from notifications.models.inbox import InboxItem, MailMessage
from notifications.models.outbound import Attempt, OutboundDelivery, StagedEvent
from notifications.models.subscribers import Subscriber
from notifications.models.topics import Topic

__all__ = [
    "Attempt",
    "InboxItem",
    "MailMessage",
    "OutboundDelivery",
    "StagedEvent",
    "Subscriber",
    "Topic",
]
