"""What happens to escalation by the clock."""

from datetime import datetime, timedelta

from core.schedule import duty
from escalation.waiting import escalate_due


@duty("escalate what waited too long", every=timedelta(minutes=1))
def escalate_what_waited(now: datetime) -> int:
    """Escalate incidents whose subflow says after how many minutes."""
    return escalate_due(now)
