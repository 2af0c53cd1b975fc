"""Ask the buses, away from any request, whether they know the egress topics (R158)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.scope import everything
from core.wake import drain
from notifications.models import Subscriber, Topic
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Target
from notifications.targets import target_of
from notifications.topic_lines import buses_now

AGAIN = timedelta(minutes=10)
BATCH = 20
OnBus = Topic.OnBus
# From the worst: what one bus misses outweighs what another has.
WORST_FIRST = (OnBus.MISSING, OnBus.UNKNOWN, OnBus.EXISTS)


@drain("topic_sync")
def check_due() -> int:
    """Ask about the topics nobody has asked about lately; return how many there were."""
    with everything():
        now = timezone.now()
        ids = list(_due(now).order_by("pk").values_list("pk", flat=True)[:BATCH])
        taken = [pk for pk in ids if _take(pk, now)]
        for pk in taken:
            check(pk)
        return len(taken)


def check(topic_id: int) -> None:
    """Ask each bus in use about a topic, and keep the worst answer."""
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic is None:
        return
    lines = topic.lines.filter(hub="", transport__in=buses_now(topic.domain_id))
    answers = [_answer(line) for line in lines.select_related("topic").order_by("pk")]
    worst = min(answers, key=lambda each: WORST_FIRST.index(each[0]), default=(OnBus.UNKNOWN, ""))
    Topic.objects.filter(pk=topic_id).update(on_bus=worst[0], on_bus_detail=worst[1][:400])


def _due(now: datetime) -> QuerySet[Topic]:
    stale = Q(on_bus_checked_at__lt=now - AGAIN) & ~Q(on_bus=OnBus.EXISTS)
    return Topic.objects.filter(Q(on_bus_checked_at=None) | stale, type=Topic.Type.EGRESS)


def _take(topic_id: int, now: datetime) -> bool:
    """Claim a topic, so that two workers do not ask the same."""
    return bool(_due(now).filter(pk=topic_id).update(on_bus_checked_at=now))


def _answer(line: Subscriber) -> tuple[OnBus, str]:
    ask: Callable[[Target], str] | None
    ask = getattr(PUBLISHERS.get(line.transport), "check_topic", None)
    where = line.get_transport_display()
    if ask is None:
        return OnBus.UNKNOWN, f"{where} cannot be asked."
    try:
        return OnBus(str(ask(target_of(line)))), where
    except Exception as error:
        return OnBus.UNKNOWN, f"{where}: {type(error).__name__}: {error}"
