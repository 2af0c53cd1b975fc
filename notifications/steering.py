"""What people do to subscribers and deliveries; each act leaves who, when and how many."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

from core.models import User
from core.wake import wake
from notifications import lines
from notifications.models import OutboundDelivery, Subscriber

State = OutboundDelivery.State
CHUNK = 1000


@transaction.atomic
def replay(deliveries: Iterable[OutboundDelivery], *, by: User) -> int:
    """Put deliveries that are not sent back in line; return how many."""
    rows = [each for each in deliveries if each.state != State.SENT]
    count = lines.replay(delivery_ids=[each.pk for each in rows], now=timezone.now())
    _note(by, rows, "Replayed.")
    _wake()
    return count


@transaction.atomic
def skip(deliveries: Iterable[OutboundDelivery], *, by: User) -> int:
    """Give up deliveries that wait or are dead, so that later ones go out; return how many."""
    rows = [each for each in deliveries if each.state in (State.READY, State.DEAD)]
    count = lines.skip(delivery_ids=[each.pk for each in rows])
    _note(by, rows, "Skipped.")
    _wake()
    return count


@transaction.atomic
def pause(subscribers: Iterable[Subscriber], *, by: User) -> int:
    """Let events wait; return how many subscribers were not paused before."""
    rows = [each for each in subscribers if not each.paused]
    Subscriber.objects.filter(pk__in=[each.pk for each in rows]).update(paused=True)
    _note(by, rows, "Paused.")
    return len(rows)


@transaction.atomic
def resume(subscribers: Iterable[Subscriber], *, by: User) -> int:
    """Let events flow again, at once even after failures; return how many were held up."""
    rows = [each for each in subscribers if each.paused or each.quiet_until]
    ids = [each.pk for each in rows]
    Subscriber.objects.filter(pk__in=ids).update(paused=False, quiet_until=None)
    _note(by, rows, "Resumed.")
    _wake()
    return len(rows)


@transaction.atomic
def replay_dead(subscribers: Iterable[Subscriber], *, by: User) -> int:
    """Put everything dead of these subscribers back in line; return how many deliveries."""
    total = 0
    for subscriber in subscribers:
        count = _replay_dead_of(subscriber)
        if count:
            _note(by, [subscriber], f"Replayed {count} dead deliveries.")
        total += count
    _wake()
    return total


@transaction.atomic
def rotate_secret(subscriber: Subscriber, *, by: User) -> str:
    """Give a webhook a new secret and return it; the former one signs as well for a day."""
    Subscriber.objects.filter(pk=subscriber.pk).update(
        secret_number=F("secret_number") + 1, rotated_at=timezone.now()
    )
    subscriber.refresh_from_db(fields=["secret_number", "rotated_at"])
    _note(by, [subscriber], "Gave a new secret.")
    return subscriber.secrets(timezone.now())[0]


def show_secret(subscriber: Subscriber, *, by: User) -> str:
    """Return the secret that signs now; that somebody looked is written down."""
    _note(by, [subscriber], "Looked at the secret.")
    return subscriber.secrets(timezone.now())[0]


def _replay_dead_of(subscriber: Subscriber) -> int:
    count = 0
    dead = OutboundDelivery.objects.filter(subscriber=subscriber, state=State.DEAD)
    while ids := list(dead.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        count += lines.replay(delivery_ids=ids, now=timezone.now())
    return count


def _note(by: User, rows: Iterable[Model], text: str) -> None:
    LogEntry.objects.log_actions(by.pk, rows, CHANGE, text)


def _wake() -> None:
    transaction.on_commit(lambda: wake("outbound"))
