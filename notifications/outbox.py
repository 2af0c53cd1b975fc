"""Turn staged events into payloads and one delivery per subscriber (R156, R163)."""

import logging
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from core.models import Domain
from core.scope import everything
from core.wake import drain, wake
from notifications.matching import Wish, types_from
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.payloads import event_payload

logger = logging.getLogger(__name__)

BATCH = 200
State = StagedEvent.State


@drain("outbox")
def produce_due() -> int:
    """Produce staged events until none is left; return how many."""
    done = 0
    with everything():
        while made := produce_batch(now=timezone.now()):
            done += made
    if done:
        wake("outbound")
    return done


@transaction.atomic
def produce_batch(*, now: datetime) -> int:
    """Take a batch in order; a broken event is set aside with its error, the rest go on."""
    rows = StagedEvent.objects.filter(state=State.READY).select_related("domain").order_by("pk")
    if connection.features.has_select_for_update_of:
        # One producer at a time keeps the deliveries of a ticket in the order of its events.
        rows = rows.select_for_update(of=("self",))
    batch = list(rows[:BATCH])
    fresh = [event for event in batch if event.state == State.READY]
    wishes = [Wish(s.pk, types_from(s.event_types)) for s in Subscriber.objects.filter(active=True)]
    domains = dict(Subscriber.objects.values_list("pk", "domain_id"))
    deliveries = [d for event in fresh for d in _produce(event, wishes, domains, now)]
    StagedEvent.objects.bulk_update(fresh, ["state", "payload", "error", "produced_at"])
    OutboundDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(fresh)


def _produce(
    event: StagedEvent, wishes: list[Wish], domains: dict[int, int], now: datetime
) -> list[OutboundDelivery]:
    try:
        event.payload = event_payload(event)
    except Exception as error:
        logger.exception("staged event %s cannot be produced", event.pk)
        event.state, event.error = State.ERROR, f"{type(error).__name__}: {error}"
        return []
    event.state, event.produced_at = State.COMPLETED, now
    return [
        OutboundDelivery(
            domain_id=event.domain_id,
            event=event,
            subscriber_id=wish.subscriber,
            ticket_uid=event.ticket_uid,
            due_at=now,
        )
        for wish in wishes
        if wish.wants(event.event_type) and _may_see(domains[wish.subscriber], event)
    ]


def _may_see(subscriber_domain: int, event: StagedEvent) -> bool:
    """Tell whether the event's domain is the subscriber's or lies below it."""
    seen: set[int] = set()
    domain: Domain | None = event.domain
    while domain is not None and domain.pk not in seen:
        if domain.pk == subscriber_domain:
            return True
        seen.add(domain.pk)
        domain = domain.parent
    return False
