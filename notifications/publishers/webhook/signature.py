"""Signatures by which a receiver knows that an event is ours and fresh (R13).

The header reads `t=<unix seconds>,v1=<hex>[,v1=<hex>]`: one HMAC-SHA256 over `t.body` for each
active secret, so that a secret can be replaced without losing an event.
"""

import hashlib
import hmac
from collections.abc import Iterable

HEADER = "X-Psew-Signature"
TOLERANCE = 300


def signature(secrets: Iterable[str], body: bytes, *, now: int) -> str:
    """Return the header's value for a body sent at `now` (unix seconds)."""
    return ",".join([f"t={now}", *(f"v1={_digest(secret, now, body)}" for secret in secrets)])


def verify_signature(
    secrets: Iterable[str], header: str, body: bytes, *, now: float, tolerance: int = TOLERANCE
) -> bool:
    """Tell whether any secret signed this body within `tolerance` seconds of `now`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value.encode() for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 13):
        return False
    moment = int(times[0])
    if abs(now - moment) > tolerance:
        return False
    expected = [_digest(secret, moment, body).encode() for secret in secrets]
    return any(hmac.compare_digest(one, other) for one in expected for other in given)


def _digest(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
