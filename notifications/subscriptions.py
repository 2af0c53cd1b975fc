"""Keep the subscriptions that clients make at a hub (tmf.md §3.10)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from core.models import User
from notifications.models import Attempt, Subscriber, Topic
from tmf621.errors import Conflict, UnknownTicket
from tmf621.resolving import as_uuid

MOST = 50
Style, Transport = Subscriber.Style, Subscriber.Transport


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks a hub for, checked."""

    callback: str
    query: str = ""
    style: str = Style.EXACT


def subscriptions(hub: str, client: User, topic: Topic | None) -> QuerySet[Subscriber]:
    """Return what a client has subscribed to at a hub."""
    return Subscriber.unscoped.filter(hub=hub, client=client, topic=topic)


def find_subscription(
    key: str, *, hub: str, client: User, topic: Topic | None, of_all: bool = False
) -> Subscriber:
    """Return a client's subscription; `of_all` finds those of its whole domain.

    Errors: `UnknownTicket` also where it is somebody else's.
    """
    rows = subscriptions(hub, client, topic)
    if of_all:
        rows = Subscriber.objects.filter(hub=hub, topic=topic)
    uid = as_uuid(key)
    found = rows.filter(uid=uid).first() if uid else None
    if found is None:
        raise UnknownTicket("There is no such subscription.")
    return found


@transaction.atomic
def subscribe(
    *, asked: Asked, hub: str, client: User, topic: Topic | None, now: datetime
) -> Subscriber:
    """Keep a new subscription.

    Errors: `Conflict` where the client has the same one already, or as many as it may have.
    """
    # One client's subscriptions are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=client.pk)
    same = subscriptions(hub, client, topic).filter(url=asked.callback, query=asked.query).first()
    if same is not None:
        raise Conflict(f"callback, query: your subscription {same.uid} asks for the same already.")
    if Subscriber.unscoped.filter(client=client).exclude(hub="").count() >= MOST:
        raise Conflict(f"A client has at most {MOST} subscriptions; delete one first.")
    return Subscriber.objects.create(
        name=f"{client.username}: {asked.callback}"[:200],
        transport=Transport.HTTP,
        url=asked.callback,
        query=asked.query,
        style=asked.style,
        hub=hub,
        client=client,
        topic=topic,
        domain_id=client.domain_id,
        created_at=now,
    )


@transaction.atomic
def unsubscribe(*, subscriber: Subscriber) -> None:
    """Forget a subscription with what has not gone out to it."""
    # In one statement; the rest would be fetched row by row because of them.
    Attempt.objects.filter(delivery__subscriber=subscriber).delete()
    subscriber.delete()
