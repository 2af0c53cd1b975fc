"""psew calls no address an operator did not allow (R13)."""

from typing import Any

import pytest
from pytest_django import Settings

from notifications.egress import Forbidden, checked_address
from notifications.models import Subscriber
from notifications.transports import http

PAYLOAD: dict[str, Any] = {"eventId": "1", "eventType": "T"}


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "http:///nowhere",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
    ],
)
def test_private_and_odd_addresses_are_refused(url: str, settings: Settings) -> None:
    settings.CALLBACK_HOSTS = []
    with pytest.raises(Forbidden):
        checked_address(url)


def test_an_operator_may_list_a_private_host(settings: Settings) -> None:
    settings.CALLBACK_HOSTS = ["127.0.0.1"]
    assert checked_address("http://127.0.0.1:8093/x") == ("127.0.0.1", "127.0.0.1", 8093)


def test_public_addresses_are_fine(settings: Settings) -> None:
    settings.CALLBACK_HOSTS = []
    assert checked_address("https://8.8.8.8/hook") == ("8.8.8.8", "8.8.8.8", 443)


def test_a_forbidden_address_is_a_failed_try_and_nothing_is_called(
    settings: Settings,
) -> None:
    settings.CALLBACK_HOSTS = []
    receipt = http.send(Subscriber(url="http://127.0.0.1:1/"), PAYLOAD)
    assert not receipt.ok
    assert receipt.status is None
    assert "not public" in receipt.detail


def test_a_closed_port_is_a_failed_try() -> None:
    receipt = http.send(Subscriber(url="http://127.0.0.1:1/"), PAYLOAD)
    assert not receipt.ok
    assert receipt.detail
