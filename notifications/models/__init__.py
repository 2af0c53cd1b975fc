"""What leaves the house: staged events, subscribers, deliveries, attempts, messages to people."""

from notifications.models.inbox import InboxItem, MailMessage
from notifications.models.outbound import Attempt, OutboundDelivery, StagedEvent, Subscriber

__all__ = [
    "Attempt",
    "InboxItem",
    "MailMessage",
    "OutboundDelivery",
    "StagedEvent",
    "Subscriber",
]
