"""What the kernel does by the clock."""

from datetime import datetime, timedelta

from core.jobs.pruning import forget_old_jobs
from core.oauth.clients import forget_expired_tokens
from core.schedule import duty
from core.usage import forget_old_usage


@duty("forget old API usage", every=timedelta(hours=1))
def forget_usage(now: datetime) -> int:
    """Delete counts older than 30 days."""
    return forget_old_usage(now)


@duty("forget expired OAuth tokens", every=timedelta(hours=1))
def forget_tokens(now: datetime) -> int:
    """Delete granted tokens that expired a day ago."""
    return forget_expired_tokens(now)


@duty("forget old jobs", every=timedelta(hours=1))
def forget_jobs(now: datetime) -> int:
    """Delete jobs that were over longer than the property says."""
    return forget_old_jobs(now)
