"""A small bus to try things out with: it takes events by HTTP and remembers them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Arrivals:
    """What reached the sink; the first `fail_first` calls were refused with 503."""

    fail_first: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, event: dict[str, Any]) -> bool:
        """Remember the event; tell whether it was taken."""
        with self.lock:
            refuse = len(self.refused) < self.fail_first
            (self.refused if refuse else self.taken).append(event)
            return not refuse

    def event_ids(self) -> list[str]:
        """Return the ids of the events that were taken, in the order they came."""
        return [event["eventId"] for event in self.taken]


class Server(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True

    def __init__(self, port: int, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        """Return the address to post events to."""
        return f"http://127.0.0.1:{self.server_port}/events"


class Handler(BaseHTTPRequestHandler):
    """Answers 204 to a taken event, 503 to a refused one."""

    server: Server

    def do_POST(self) -> None:
        """Take one event."""
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204 if self.server.arrivals.accept(event) else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the command prints events itself."""


@contextmanager
def running(arrivals: Arrivals, *, port: int = 0) -> Iterator[Server]:
    """Serve in a thread for the length of the block; port 0 takes a free one."""
    server = Server(port, arrivals)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
