"""What happens to tickets by the clock."""

from datetime import datetime, timedelta

from cases.choices import OPEN_CASE_STATES
from cases.models import Case
from core.schedule import duty
from incidents.choices import OPEN_STATES
from incidents.models import Incident
from tmf621.documents import CHUNK, tell_cases, tell_incidents, tell_missing
from tmf621.retries import forget_old


@duty("tell tickets nobody told", every=timedelta(minutes=10))
def tell_the_missing(now: datetime) -> int:
    """Write the documents of tickets that came without an event, as bulk loads do."""
    return tell_missing()


@duty("tell open tickets again", every=timedelta(days=1))
def tell_the_open(now: datetime) -> int:
    """Let filters see the new names of groups, customers and items of open tickets."""
    told = 0
    for tell, rows in (
        (tell_incidents, Incident.unscoped.filter(state__in=OPEN_STATES)),
        (tell_cases, Case.unscoped.filter(state__in=OPEN_CASE_STATES)),
    ):
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            tell(ids[start : start + CHUNK])
        told += len(ids)
    return told


@duty("forget kept answers", every=timedelta(hours=1))
def forget_kept_answers(now: datetime) -> int:
    """Delete the answers kept longer than promised."""
    return forget_old(now)
