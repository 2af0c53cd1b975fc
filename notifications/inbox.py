"""Notices about long work in the inbox of whoever asked for it (ux C.7)."""

from datetime import datetime

from core.jobs import progress_text
from core.models import DomainEvent, Job, User
from notifications.models import InboxItem


def tell_starter(event: DomainEvent) -> None:
    """Put a notice about the ended job into its starter's inbox; done twice, it stays one."""
    job = Job.unscoped.select_related("started_by").filter(pk=event.record_id).first()
    if job is None or job.started_by is None:
        return
    said = progress_text(job, now=event.happened_at)
    InboxItem.objects.get_or_create(
        user=job.started_by,
        cause=f"{event.name}:{event.pk}",
        defaults={
            "domain_id": job.domain_id,
            "text": f"{job.title}: {job.get_state_display().lower()}, {said}"[:240],
            "job": job,
            "created_at": event.happened_at,
        },
    )


def read_about(*, job: Job, user: User, now: datetime) -> None:
    """Mark the user's notices about a job as read."""
    InboxItem.objects.filter(user=user, job=job, read_at=None).update(read_at=now)
