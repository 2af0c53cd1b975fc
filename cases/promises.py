"""When customers were promised the next message, and which promises are to be kept (ux C.5)."""

from django.db.models import Exists, OuterRef, QuerySet

from cases.choices import NoticeState
from cases.models import Notice
from incidents.choices import OPEN_STATES


def open_promises() -> QuerySet[Notice]:
    """Return the last message of each open incident that promised another, the next due first.

    A later message keeps the promise, whatever it promises itself.
    """
    left = Notice.objects.filter(state=NoticeState.LEFT)
    later = left.filter(incident=OuterRef("incident"), pk__gt=OuterRef("pk"))
    promised = left.filter(next_update_at__isnull=False, incident__state__in=OPEN_STATES)
    return promised.exclude(Exists(later)).order_by("next_update_at", "pk")
