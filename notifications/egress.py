"""Which addresses psew may call, checked on the address it really connects to (R13)."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

# Ranges that Python takes for public: address translation, 6to4 and its relay, old site-local.
FORBIDDEN = [
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "fec0::/10",
    )
]


class Forbidden(ValueError):
    """This address may not be called."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that may be called now: connect to `address`, speak to `host`."""

    scheme: str
    address: str
    host: str
    port: int


def checked(url: str) -> Checked:
    """Resolve the address once and return where to connect; raises `Forbidden`.

    Hosts an operator listed in PSEW_CALLBACK_HOSTS may be private, have any port and speak plain
    http in production; all others must be public, on a port of PSEW_CALLBACK_PORTS.
    """
    parts, port = _parts(url)
    host = parts.hostname or ""
    listed = host in settings.CALLBACK_HOSTS
    if not listed and settings.CALLBACKS_NEED_HTTPS and parts.scheme != "https":
        raise Forbidden("Only https addresses can be called here; an operator may list the host.")
    if not listed and port not in settings.CALLBACK_PORTS:
        raise Forbidden(f"Port {port} may not be called; an operator may list the host.")
    addresses = _resolve(host, port)
    if not listed and not all(map(_is_public, addresses)):
        raise Forbidden(f"{host} is not public; an operator may list it.")
    return Checked(parts.scheme, addresses[0], host, port)


def checked_address(url: str) -> tuple[str, str, int]:
    """Return (address to connect to, host name, port); raises `Forbidden`."""
    found = checked(url)
    return found.address, found.host, found.port


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden("This is no address that can be called.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden("Only http and https addresses can be called.")
    if "@" in parts.netloc:
        raise Forbidden("An address must not hold a user name or a password.")
    return parts, (443 if parts.scheme == "https" else 80) if port is None else port


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(f"{host} cannot be resolved.") from error
    return [str(entry[4][0]) for entry in found]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%")[0])
    if any(address.version == net.version and address in net for net in FORBIDDEN):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
