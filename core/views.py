"""Health pages for load balancers and supervisors."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from core.models import Delivery, Heartbeat
from core.schedule import TICK

# The scheduler ticks every second; a minute of silence is a fault.
SILENCE = timedelta(minutes=1)
OLDEST_WORK = timedelta(minutes=5)


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether database, queue and scheduler are fit for work; 503 when one is not."""
    try:
        checks = _checks()
    except DatabaseError as error:
        checks = {"database": {"ok": False, "detail": type(error).__name__}}
    ok = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ok" if ok else "degraded", "checks": checks}, status=200 if ok else 503
    )


def _checks() -> dict[str, dict[str, object]]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    oldest = (
        Delivery.objects.filter(state=Delivery.State.READY, due_at__lte=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    age = now - oldest if oldest else timedelta()
    beat = Heartbeat.objects.filter(name=TICK).values_list("beat_at", flat=True).first()
    return {
        "database": {"ok": True, "detail": connection.vendor},
        "queue": {"ok": age < OLDEST_WORK, "oldest_seconds": round(age.total_seconds(), 1)},
        "scheduler": {
            "ok": beat is not None and now - beat < SILENCE,
            "last_tick": beat.isoformat() if beat else None,
        },
    }
