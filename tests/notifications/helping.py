"""What several tests about deliveries need."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import time_machine

from core.actor import Actor
from incidents.actions import add_comment
from incidents.models import Incident
from notifications.models import OutboundDelivery, Subscriber
from notifications.publishers.interface import Message, Receipt, Target

State = OutboundDelivery.State


class Answering:
    """A way out that answers what a function says."""

    def __init__(self, answer: Callable[[Target, Message], Receipt]) -> None:
        self.answer = answer

    def publish(self, target: Target, message: Message) -> Receipt:
        return self.answer(target, message)

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        return [self.answer(target, message) for message in messages]


def comment(incident: Incident, by: Actor, now: datetime, count: int = 1) -> None:
    for number in range(count):
        add_comment(incident_id=incident.pk, text=f"Update {number}", by=by, now=now)


def states(subscriber: Subscriber) -> list[str]:
    rows = OutboundDelivery.objects.filter(subscriber=subscriber).order_by("pk")
    return list(rows.values_list("state", flat=True))


def later(now: datetime, hours: float = 2) -> Any:
    return time_machine.travel(now + timedelta(hours=hours), tick=False)
