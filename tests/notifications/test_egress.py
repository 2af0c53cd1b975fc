"""psew calls no address an operator did not allow (R13)."""

import pytest
from pytest_django import Settings

from notifications.egress import Forbidden, checked, checked_address
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Message, Target

MESSAGE = Message("1", "T", "ticket", 1, '{"eventId": "1", "eventType": "T"}')


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
        "http://0x7f.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://localhost./",
        "http://224.0.0.1/",
        "http://192.0.0.8/",
        "http://192.88.99.1/",
        "http://[::]/",
        "http://[::7f00:1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://[fe80::1%25lo]/",
        "http://[ff02::1]/",
        "http://8.8.8.8:99999/",
        "http://[8.8.8.8/",
        "http://user:secret@8.8.8.8/",
        f"http://{'a' * 64}.example/",
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


@pytest.mark.parametrize("url", ["https://8.8.8.8:22/", "http://8.8.8.8:6379/"])
def test_only_listed_ports_are_called(url: str, settings: Settings) -> None:
    settings.CALLBACK_HOSTS = []
    with pytest.raises(Forbidden, match="Port"):
        checked(url)


def test_production_speaks_tls_unless_an_operator_lists_the_host(settings: Settings) -> None:
    settings.CALLBACKS_NEED_HTTPS, settings.CALLBACK_HOSTS = True, ["127.0.0.1"]
    with pytest.raises(Forbidden, match="https"):
        checked("http://8.8.8.8/hook")
    assert checked("https://8.8.8.8/hook").scheme == "https"
    assert checked("http://127.0.0.1:8093/hook").port == 8093


def test_one_private_answer_among_public_ones_is_enough(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CALLBACK_HOSTS = []
    answers = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr("notifications.egress.socket.getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(Forbidden, match="not public"):
        checked("https://example.com/hook")


def test_a_forbidden_address_is_a_failed_try_and_nothing_is_called(
    settings: Settings,
) -> None:
    settings.CALLBACK_HOSTS = []
    receipt = PUBLISHERS["http"].publish(Target("x", "http://127.0.0.1:8080/"), MESSAGE)
    assert not receipt.ok
    assert receipt.status is None
    assert "not public" in receipt.detail


def test_a_closed_port_is_a_failed_try() -> None:
    receipt = PUBLISHERS["http"].publish(Target("x", "http://127.0.0.1:1/"), MESSAGE)
    assert not receipt.ok
    assert receipt.detail
