"""What happens to decision tables and escalation by the clock."""

import logging
from datetime import datetime, timedelta

from core.schedule import duty
from escalation.models import TableVersion
from escalation.tables.publishing import publish, unschedule
from escalation.waiting import escalate_due
from incidents.errors import Refused

logger = logging.getLogger(__name__)


@duty("escalate what waited too long", every=timedelta(minutes=1))
def escalate_what_waited(now: datetime) -> int:
    """Escalate incidents whose subflow says after how many minutes."""
    return escalate_due(now)


@duty("publish scheduled decision tables", every=timedelta(minutes=1))
def publish_due(now: datetime) -> int:
    """Publish drafts whose time has come, in the name of who scheduled them."""
    due = TableVersion.objects.filter(state=TableVersion.State.DRAFT, publish_at__lte=now)
    versions = list(due.select_related("scheduled_by").order_by("publish_at"))
    for version in versions:
        try:
            publish(version_id=version.pk, by=version.scheduled_by, now=now)
        except Refused as error:
            logger.warning("%s was not published: %s", version, error)
            unschedule(version_id=version.pk)
    return len(versions)
