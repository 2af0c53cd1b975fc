"""Measure at scrape time, from the tables: every process tells the same, none keeps counts."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.models import Delivery, Heartbeat
from core.schedule import TICK
from core.scope import current_scope
from notifications.health import Flow, Health, staging_health, subscriber_health

LABELS = ["id", "subscriber", "transport", "domain"]


class Gauges(Collector):
    """Everything in scope; the statements do not grow with the subscribers."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; those of the whole site only to who sees the whole site."""
        yield from of_subscribers(subscriber_health(now=self.now), self.now)
        yield _staged()
        if current_scope().domain_ids is None:
            yield from _of_the_site(self.now)


def of_subscribers(found: list[Health], now: datetime) -> Iterator[Metric]:
    """Yield a gauge per number of the event log page, with a row per subscriber."""
    waiting = _gauge("waiting", "Deliveries that wait.")
    dead = _gauge("dead", "Deliveries that were given up and hold their ticket's line.")
    oldest = _gauge("oldest_undelivered_seconds", "Age of the oldest event not delivered; 0: none.")
    sent = _gauge("sent_last_hour", "Deliveries of the last hour.")
    failed = _gauge("failed_last_hour", "Deliveries with a failed try in the last hour.")
    state = _gauge("state", "1 for the state the subscriber is in.", [*LABELS, "state"])
    for each in found:
        labels = _labels(each)
        waiting.add_metric(labels, each.waiting)
        dead.add_metric(labels, each.dead)
        age = (now - each.oldest).total_seconds() if each.oldest else 0
        oldest.add_metric(labels, max(age, 0))
        sent.add_metric(labels, each.sent)
        failed.add_metric(labels, each.failed)
        for flow in Flow:
            state.add_metric([*labels, flow.value], each.flow is flow)
    yield from (waiting, dead, oldest, sent, failed, state)


def _gauge(name: str, words: str, labels: list[str] = LABELS) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"psew_subscriber_{name}", words, labels=labels)


def _labels(health: Health) -> list[str]:
    each = health.subscriber
    # Names repeat among a topic's lines; the id does not.
    return [str(each.uid), each.name, each.transport, each.domain.name]


def _staged() -> Metric:
    staged = staging_health()
    gauge = GaugeMetricFamily("psew_staged_events", "Events not produced.", labels=["state"])
    gauge.add_metric(["ready"], staged.ready)
    gauge.add_metric(["error"], staged.error)
    return gauge


def _of_the_site(now: datetime) -> Iterator[Metric]:
    ready = Delivery.objects.filter(state=Delivery.State.READY)
    queue = ready.aggregate(count=Count("pk"), oldest=Min("due_at"))
    overdue = max((now - queue["oldest"]).total_seconds(), 0) if queue["oldest"] else 0
    beat = Heartbeat.objects.filter(name=TICK).values_list("beat_at", flat=True).first()
    silence = (now - beat).total_seconds() if beat else float("inf")
    for name, words, value in (
        ("psew_queue_deliveries", "Reactions to events that have not run.", queue["count"]),
        ("psew_queue_overdue_seconds", "How long the first of them is overdue.", overdue),
        ("psew_scheduler_silence_seconds", "Since the scheduler's last tick.", silence),
    ):
        yield GaugeMetricFamily(name, words, value=value)
