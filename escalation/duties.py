"""What happens to decision tables by the clock."""

import logging
from datetime import datetime, timedelta

from core.schedule import duty
from escalation.models import TableVersion
from escalation.tables.publishing import publish, unschedule
from incidents.errors import Refused

logger = logging.getLogger(__name__)


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
