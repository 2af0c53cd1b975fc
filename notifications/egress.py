"""Which addresses psew may call, checked on the address it really connects to (R13)."""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

FORBIDDEN = [
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.0.0.0/24", "fec0::/10")
]


class Forbidden(ValueError):
    """This address may not be called."""


def checked_address(url: str) -> tuple[str, str, int]:
    """Return (address to connect to, host name, port); raises `Forbidden`.

    Hosts an operator listed in PSEW_CALLBACK_HOSTS may be private; all others must be public.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden("Only http and https addresses can be called.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolve(parts.hostname, port)
    if parts.hostname not in settings.CALLBACK_HOSTS and not _is_public(address):
        raise Forbidden(f"{parts.hostname} is not public; an operator may list it.")
    return address, parts.hostname, port


def _resolve(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Forbidden(f"{host} cannot be resolved.") from error
    return str(found[0][4][0])


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%")[0])
    if any(address.version == net.version and address in net for net in FORBIDDEN):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
