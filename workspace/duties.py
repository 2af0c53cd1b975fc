"""What the workspace does by the clock."""

from datetime import datetime, timedelta

from core.schedule import duty
from workspace.lists.deeds import forget_old_deeds


@duty("forget what can be undone", every=timedelta(hours=1))
def forget_deeds(now: datetime) -> int:
    """Delete what was kept to undo acts in lists, once it is a week old."""
    return forget_old_deeds(now)
