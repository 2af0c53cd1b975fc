"""Answer a repeated request as the first time (reliability R8)."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import User
from tmf621.errors import BadHeader, Conflict
from tmf621.models import KeptAnswer

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=48)
LONGEST_KEY = 255
# How long a second request waits for the first to end before it is told to come back.
PATIENCE = "'2s'"
KEPT_HEADERS = ("Location", "ETag")


def answer_once(
    request: Request, client: User, now: datetime, act: Callable[[], Response]
) -> Response:
    """Do the act, or return the answer it gave under the same Idempotency-Key.

    The answer is written in the transaction of the act, so it exists exactly if the change does;
    a refused request keeps nothing and may be mended and sent again. Errors: `BadHeader` for an
    unusable key, `Conflict` where the key was used for another request or is in use right now.
    """
    key = _key(request)
    if not key:
        return act()
    digest = _digest(request)
    with transaction.atomic():
        kept = _take(client, key, digest, now)
        if kept.status:
            return _again(kept, digest)
        answer = act()
        kept.status, kept.body = answer.status_code, answer.data
        kept.headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
        kept.save(update_fields=["status", "body", "headers"])
    return answer


def forget_old(now: datetime) -> int:
    """Delete answers kept longer than promised; return how many."""
    count, _ = KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return count


def _key(request: Request) -> str:
    key: str = request.headers.get(HEADER, "").strip()
    if len(key) > LONGEST_KEY or not all(" " <= c <= "~" for c in key):
        raise BadHeader(f"{HEADER}: at most {LONGEST_KEY} printable ASCII characters.")
    return key


def _digest(request: Request) -> str:
    parts = (request.method or "", request.get_full_path(), request.content_type or "")
    hasher = hashlib.sha256("\n".join(parts).encode())
    hasher.update(b"\n" + request._request.body)
    return hasher.hexdigest()


def _take(client: User, key: str, digest: str, now: datetime) -> KeptAnswer:
    """Return the row of this key: a new one, or the one an earlier request has filled."""
    fresh = KeptAnswer(client=client, key=key, request_hash=digest, created_at=now)
    try:
        with transaction.atomic():
            _wait_at_most(PATIENCE)
            # Where another request holds the key, the database waits for its end.
            KeptAnswer.objects.bulk_create([fresh], ignore_conflicts=True)
            _wait_at_most("DEFAULT")
    except OperationalError as error:
        text = f"{HEADER}: the first request with this key is still under way."
        raise Conflict(text, headers={"Retry-After": "1"}) from error
    return KeptAnswer.objects.select_for_update().get(client=client, key=key)


def _wait_at_most(limit: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {limit}")


def _again(kept: KeptAnswer, digest: str) -> Response:
    if kept.request_hash != digest:
        raise Conflict(f"{HEADER}: this key was used for another request.")
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return Response(kept.body, status=kept.status, headers=headers)
