"""Count what API clients ask, and stop those that ask too much."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api_properties import REQUESTS_PER_MINUTE
from core.models import ApiUsage, User

if TYPE_CHECKING:
    # The framework's views ask for this module while they are being imported.
    from rest_framework.views import APIView

KEPT = timedelta(days=30)
MINUTE = timedelta(minutes=1)

# One statement, so that requests in parallel are all counted and none waits for long.
_COUNT = """
INSERT INTO core_apiusage (user_id, minute, requests, refused) VALUES (%s, %s, 1, 0)
ON CONFLICT (user_id, minute) DO UPDATE SET requests = core_apiusage.requests + 1
RETURNING requests
"""


@dataclass(frozen=True, slots=True)
class DayOfClient:
    """What one client asked on one day."""

    client: str
    day: date
    requests: int
    refused: int
    last_used: datetime


def may_ask(user: User, now: datetime) -> bool:
    """Count a request of this client; tell whether it is within the limit of its domain.

    Call it outside the transaction of the request, or a failing request takes its count back.
    """
    count, limit = count_request(user.pk, now), REQUESTS_PER_MINUTE.value(user.domain_id)
    if limit <= 0 or count <= limit:
        return True
    count_refusal(user.pk, now)
    return False


def count_request(user_id: int, now: datetime) -> int:
    """Count one request and return how many the client has sent in this minute."""
    minute = connection.ops.adapt_datetimefield_value(minute_of(now))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [user_id, minute])
        [(count,)] = cursor.fetchall()
    return int(count)


def count_refusal(user_id: int, now: datetime) -> None:
    """Count that a request of this minute was one too many."""
    counted = ApiUsage.objects.filter(user_id=user_id, minute=minute_of(now))
    counted.update(refused=F("refused") + 1)


def seconds_to_next_minute(now: datetime) -> float:
    """Return how long a client that asked too much has to wait."""
    return (minute_of(now) + MINUTE - now).total_seconds()


def minute_of(now: datetime) -> datetime:
    """Return the beginning of the minute."""
    return now.replace(second=0, microsecond=0)


def by_day(counted: QuerySet[ApiUsage]) -> list[DayOfClient]:
    """Return the sums per client and day (UTC), the latest day first."""
    sums = (
        counted.annotate(day=TruncDate("minute"))
        .values("day", "user__username")
        .annotate(asked=Sum("requests"), too_many=Sum("refused"), last=Max("minute"))
        .order_by("-day", "user__username")
    )
    return [
        DayOfClient(row["user__username"], row["day"], row["asked"], row["too_many"], row["last"])
        for row in sums
    ]


def forget_old_usage(now: datetime) -> int:
    """Delete the minutes nobody looks at any more; return how many there were."""
    return ApiUsage.objects.filter(minute__lt=now - KEPT).delete()[0]


class ClientThrottle(BaseThrottle):
    """Refuse what a client sends beyond its limit per minute with 429 and Retry-After."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.now = timezone.now()
        user = request.user
        return not isinstance(user, User) or may_ask(user, self.now)

    def wait(self) -> float:
        return seconds_to_next_minute(self.now)
