"""What leaves the house is forgotten after a while."""

from datetime import datetime, timedelta

from core.schedule import duty
from notifications.retention import forget_old_events


@duty("forget delivered events", every=timedelta(hours=1))
def forget_events(now: datetime) -> int:
    """Delete events older than the property says that everybody got."""
    return forget_old_events(now)
