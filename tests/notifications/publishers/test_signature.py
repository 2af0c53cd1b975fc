"""A receiver can tell our events from others', and fresh ones from old (R13)."""

import hashlib
import hmac

import pytest

from notifications.publishers.webhook.signature import signature, verify_signature

BODY = '{"eventId": "1", "text": "Überlauf"}'.encode()
NOW = 1_795_000_000
SIGNED = signature(["new", "old"], BODY, now=NOW)


def test_the_signature_is_what_any_language_computes() -> None:
    digest = hmac.new(b"new", b"1795000000." + BODY, hashlib.sha256).hexdigest()
    assert signature(["new"], BODY, now=NOW) == f"t=1795000000,v1={digest}"


@pytest.mark.parametrize("secrets", [["new"], ["old"], ["unheard", "old"]])
def test_either_active_secret_will_do(secrets: list[str]) -> None:
    assert verify_signature(secrets, SIGNED, BODY, now=NOW + 200)


@pytest.mark.parametrize(
    ("secrets", "header", "body", "now"),
    [
        (["other"], SIGNED, BODY, NOW),
        ([], SIGNED, BODY, NOW),
        (["new"], SIGNED, BODY + b" ", NOW),
        (["new"], SIGNED, BODY, NOW + 301),
        (["new"], SIGNED, BODY, NOW - 301),
        (["new"], SIGNED.replace(str(NOW), str(NOW + 1)), BODY, NOW),
        (["new"], f"t={NOW}," + SIGNED, BODY, NOW),
        (["new"], SIGNED.split(",", 1)[1], BODY, NOW),
        (["new"], f"t={NOW}", BODY, NOW),
        (["new"], "", BODY, NOW),
        (["new"], "t=²,v1=ü", BODY, NOW),
        (["new"], "t=" + "9" * 5000 + ",v1=00", BODY, NOW),
        (["new"], f"t={NOW},v1=é", BODY, NOW),
    ],
)
def test_nothing_else_passes(secrets: list[str], header: str, body: bytes, now: int) -> None:
    assert not verify_signature(secrets, header, body, now=now)
