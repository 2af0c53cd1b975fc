"""Forget jobs that are long over; nothing that still runs is ever deleted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core import properties
from core.models import Domain, Job

CHUNK = 50
KEEP_DAYS = properties.integer(
    "psew.jobs.keep_days",
    default=30,
    help="How many days long work that is over stays with its results; 0: for ever.",
)


def forget_old_jobs(now: datetime) -> int:
    """Delete jobs that were over longer than their domain's days; return how many."""
    done = 0
    days = KEEP_DAYS.values(Domain.objects.values_list("pk", flat=True))
    for domain_id, kept in days.items():
        if domain_id is None or kept <= 0:
            continue
        over = Job.unscoped.filter(domain_id=domain_id, state__in=Job.OVER)
        old = over.filter(finished_at__lt=now - timedelta(days=kept)).order_by("pk")
        while count := _forget(old):
            done += count
    return done


@transaction.atomic
def _forget(old: QuerySet[Job]) -> int:
    # Locked, so that whoever takes one of them up again waits and then finds none.
    ids = [job.pk for job in old.select_for_update().only("pk")[:CHUNK]]
    Job.unscoped.filter(pk__in=ids).delete()
    return len(ids)
