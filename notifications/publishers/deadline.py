"""Connections whose every call ends by one moment, however slowly the other side drips.

The usual timeout starts anew with each call and with each byte that arrives; a deadline does not.
"""

import socket
import ssl
import time
from http.client import HTTPConnection
from typing import Any

CONNECT_SECONDS = 3.0


class _PlainSocket(socket.socket):
    until: float = 0.0

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(_left(self.until))
        super().sendall(*args, **kwargs)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(_left(self.until))
        return super().recv_into(*args, **kwargs)


class _TlsSocket(ssl.SSLSocket):
    until: float = 0.0

    def send(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(_left(self.until))
        return super().send(*args, **kwargs)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(_left(self.until))
        return super().recv_into(*args, **kwargs)


class DeadlineConnection(HTTPConnection):
    """HTTP to an address that was checked; the certificate is held against the host's name."""

    def __init__(self, *, address: str, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port)
        self.address, self.tls, self.until = address, tls, 0.0
        self.default_port = 443 if tls else 80

    def end_by(self, until: float) -> None:
        """Let nothing go on past this moment of `time.monotonic()`."""
        self.until = until
        if self.sock is not None:
            self._bound(self.sock)

    def connect(self) -> None:
        """Connect, and speak TLS if asked to; raises `OSError`."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        plain = _PlainSocket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(min(CONNECT_SECONDS, _left(self.until)))
            plain.connect((self.address, self.port))
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(_left(self.until))
            self.sock = self._wrapped(plain)
        except BaseException:
            plain.close()
            raise
        self._bound(self.sock)

    def _wrapped(self, plain: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(plain, server_hostname=self.host) if self.tls else plain

    def _bound(self, sock: socket.socket) -> None:
        sock.until = self.until  # type: ignore[attr-defined]
        sock.settimeout(_left(self.until))


def tls_context(authorities: str | None = None) -> ssl.SSLContext:
    """Return a verifying context whose sockets keep deadlines; `authorities` is a file."""
    context = ssl.create_default_context(cafile=authorities)
    context.sslsocket_class = _TlsSocket
    return context


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return left
