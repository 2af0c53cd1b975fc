"""Check the address a client wants its events at (tmf.md §3.10, reliability R13)."""

import re
from urllib.parse import urlsplit

from notifications.egress import Forbidden, checked_address

LONGEST = 400
# What else can stand in an address has to be percent-encoded.
_PLAIN = re.compile(r"[!-~]+\Z")


class BadCallback(ValueError):
    """Events cannot be sent to this address; the text is a sentence."""


def check_callback(callback: str) -> None:
    """Raise `BadCallback` unless events may be sent there.

    It looks the host up, so call it with no transaction open. Whoever sends checks again: what a
    name leads to today says nothing about tomorrow.
    """
    if len(callback) > LONGEST:
        raise BadCallback(f"at most {LONGEST} characters.")
    if not _PLAIN.match(callback):
        raise BadCallback("blanks and other than ASCII characters must be percent-encoded.")
    try:
        parts = urlsplit(callback)
        if parts.username is not None or parts.password is not None:
            raise BadCallback("put no name or password into the address.")
        if parts.fragment:
            raise BadCallback("an address for events has no fragment.")
        checked_address(callback)
    except Forbidden as error:
        raise BadCallback(str(error)) from error
    except BadCallback:
        raise
    except ValueError as error:
        # A port or a host that is none.
        raise BadCallback("this is no address of a web server.") from error
