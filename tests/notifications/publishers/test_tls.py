"""Deadlines hold over TLS as well: whoever reads slowly cannot stretch the time."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from notifications.publishers import http
from notifications.publishers.deadline import tls_context

SIZE = 4_000_000


class SlowReader(threading.Thread):
    """Takes one connection, reads a little at a time and never answers."""

    def __init__(self, certificate: Path) -> None:
        super().__init__()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        self.received, self.stopping = 0, threading.Event()

    def run(self) -> None:
        with suppress(OSError):
            plain, _ = self.listener.accept()
            with self.context.wrap_socket(plain, server_side=True) as talk:
                while part := talk.recv(16_384):
                    self.received += len(part)
                    self.stopping.wait(0.05)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine and its key, in one file."""
    made = tmp_path / "made.pem"
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    whose = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", *kind, *whose, "-keyout", str(made), "-out", str(tmp_path / "c")]
    subprocess.run(command, check=True, capture_output=True)
    made.write_text(made.read_text() + (tmp_path / "c").read_text())
    return made


@pytest.fixture
def reader(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowReader]:
    monkeypatch.setattr(http, "_tls", lambda: tls_context(str(certificate)))
    made = SlowReader(certificate)
    made.start()
    yield made
    made.stopping.set()
    made.listener.close()
    made.join(10)


def test_a_slow_reader_cannot_stretch_the_time(reader: SlowReader) -> None:
    url = f"https://localhost:{reader.listener.getsockname()[1]}/"
    with http.Line(total_seconds=1.0) as line:
        answer = line.call(url, body=b"x" * SIZE)
    reader.stopping.set()
    reader.join(10)
    assert answer.error == "no whole answer within 1 seconds"
    assert 0 < reader.received < SIZE
