"""Where pages find the event stream, and what their policy lets them ask."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from core.stream_address import may_read, stream_address, stream_origin


def policy_of(host: str = "localhost:8000") -> str:
    return Client().get("/healthz", headers={"host": host}).headers["Content-Security-Policy"]


def connects(policy: str) -> str:
    return next(p for p in policy.split("; ") if p.startswith("connect-src"))


def test_a_port_of_its_own_is_named_under_the_pages_host(settings: Any) -> None:
    settings.LIVE_PORT = 8017
    for host, own in (("localhost:8000", "localhost"), ("[::1]:8000", "[::1]")):
        request = RequestFactory().get("/", headers={"host": host})
        assert stream_address(request) == f"http://{own}:8017/live/stream"
        assert connects(policy_of(host)) == f"connect-src 'self' http://{own}:8017"


def test_behind_a_proxy_there_is_one_origin(settings: Any) -> None:
    settings.LIVE_PORT, settings.LIVE_URL = 8017, "/live/stream"
    request = RequestFactory().get("/")
    assert (stream_address(request), stream_origin(request)) == ("/live/stream", "")
    assert connects(policy_of()) == "connect-src 'self'"


def test_without_a_stream_nothing_is_named() -> None:
    assert stream_address(RequestFactory().get("/")) == ""
    assert connects(policy_of()) == "connect-src 'self'"


def test_a_forged_host_finds_no_way_into_the_policy(settings: Any) -> None:
    settings.LIVE_PORT = 8017
    assert "evil" not in policy_of("evil.example")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8080", False),
        ("http://evil.example:8000", False),
        ("https://trusted.example", True),
        ("http://[broken", False),
        ("null", False),
    ],
)
def test_only_the_sites_pages_may_read_it(settings: Any, origin: str, allowed: bool) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
    assert may_read(origin, "127.0.0.1:8017") is allowed
