"""Post an event to an HTTP endpoint; no redirects, short patience, little reading."""

import json
from typing import Any
from urllib.parse import urlsplit

import urllib3

from notifications.egress import Forbidden, checked_address
from notifications.models import Subscriber
from notifications.transports.receipt import Receipt

TIMEOUT = urllib3.Timeout(connect=3, total=15)
READ_AT_MOST = 2_000


def send(subscriber: Subscriber, payload: dict[str, Any]) -> Receipt:
    """Post the payload; any 2xx is a delivery."""
    try:
        address, host, port = checked_address(subscriber.url)
    except Forbidden as error:
        return Receipt(ok=False, detail=str(error))
    parts = urlsplit(subscriber.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/json",
        "Host": parts.netloc.rsplit("@", 1)[-1],
        "X-Event-Id": payload["eventId"],
        "X-Event-Type": payload["eventType"],
    }
    pool = _pool(parts.scheme, address, host, port)
    try:
        answer = pool.urlopen(
            "POST",
            target,
            body=json.dumps(payload).encode(),
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
        )
        detail = answer.read(READ_AT_MOST).decode(errors="replace")[:200]
        answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        return Receipt(ok=False, detail=f"{type(error).__name__}: {error}"[:300])
    finally:
        pool.close()
    return Receipt(
        ok=200 <= answer.status < 300,
        status=answer.status,
        detail="" if 200 <= answer.status < 300 else detail,
        retry_after=_seconds(answer.headers.get("Retry-After", "")),
    )


def _pool(scheme: str, address: str, host: str, port: int) -> urllib3.HTTPConnectionPool:
    # Connect to the address that was checked; the certificate is held against the name.
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address, port, timeout=TIMEOUT, assert_hostname=host, server_hostname=host
        )
    return urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT)


def _seconds(text: str) -> int | None:
    return int(text) if text.isdigit() else None
