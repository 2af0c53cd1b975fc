"""One door for passwords: too many failures for a name from one address shut it for a while."""

import hashlib

from django.core.cache import cache

FAILURES = 10
SHUT_SECONDS = 300


def is_shut(address: str, name: str) -> bool:
    """Tell whether passwords for this name from this address are not even looked at."""
    return bool(cache.get(_key(address, name), 0) >= FAILURES)


def note_failure(address: str, name: str) -> None:
    """Count a wrong password; unknown names count like known ones."""
    key = _key(address, name)
    cache.set(key, cache.get(key, 0) + 1, SHUT_SECONDS)


def _key(address: str, name: str) -> str:
    # Names hold whatever was typed, and keys of a cache do not.
    return "door:" + hashlib.sha256(f"{address} {name}".encode(errors="replace")).hexdigest()
