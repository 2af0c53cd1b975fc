"""Tell this very machine from the rest of the world."""

import ipaddress

from django.http import HttpRequest

# Whoever sends one of these speaks for somebody else.
OF_PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def is_loopback(request: HttpRequest) -> bool:
    """Tell whether the request comes from this machine and through no proxy."""
    if any(name in request.META for name in OF_PROXIES):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
