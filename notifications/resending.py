"""Send an event again to somebody a person chose, whether or not it went there before."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.models import User
from core.wake import wake
from notifications.audience import WELCOME, may_get
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.payloads import message_for
from notifications.payloads.dressing import Payload
from notifications.producing import domains_above

State = OutboundDelivery.State


class CannotResend(Exception):
    """The event cannot be sent to this subscriber; the text says why."""


def receivers(event: StagedEvent) -> list[Subscriber]:
    """Return the active subscribers in view that an event may be sent to, by name.

    What a subscriber's query asks for does not matter: a person chooses. Whose the event is does.
    """
    above = domains_above(event.domain)
    return [line for line in _in_view().order_by("name", "pk") if may_get(line, event, above)]


def preview(event: StagedEvent, subscriber: Subscriber) -> Payload:
    """Return what the subscriber would get; `CannotResend` where the event has no payload."""
    if event.state != StagedEvent.State.COMPLETED or not event.payload:
        raise CannotResend("The event has no payload yet; it is made by the producer.")
    return message_for(event, subscriber).payload


@transaction.atomic
def send_again(
    event: StagedEvent, subscriber: Subscriber, *, by: User, why: str
) -> OutboundDelivery:
    """Put an event into a chosen subscriber's line under the same event id.

    Out: the delivery, due now. Who, when and why are kept in the admin log. Errors:
    `CannotResend` where it has no payload, is not the subscriber's business, or waits already.
    """
    preview(event, subscriber)
    if subscriber not in receivers(event):
        raise CannotResend(f"{subscriber} may not get this event.")
    delivery, is_new = _locked_delivery(event, subscriber)
    if not is_new:
        if delivery.state == State.READY:
            raise CannotResend(f"The event waits to be sent to {subscriber} already.")
        _renew(delivery)
    text = f"Sent again to {subscriber}: {why}"
    LogEntry.objects.log_actions(by.pk, [event, delivery], CHANGE, text)
    transaction.on_commit(lambda: wake("outbound"))
    return delivery


def _in_view() -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(WELCOME, active=True).select_related("topic")


def _locked_delivery(event: StagedEvent, subscriber: Subscriber) -> tuple[OutboundDelivery, bool]:
    values = {"domain_id": event.domain_id, "ticket_uid": event.ticket_uid}
    rows = OutboundDelivery.unscoped.select_for_update(of=("self",))
    return rows.get_or_create(event=event, subscriber=subscriber, defaults=values)


def _renew(delivery: OutboundDelivery) -> None:
    delivery.state, delivery.due_at, delivery.attempts = State.READY, timezone.now(), 0
    delivery.first_tried_at = delivery.sent_at = delivery.lease_until = delivery.claim = None
    delivery.error = ""
    delivery.save()
