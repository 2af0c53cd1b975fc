"""The bus itself: a real HTTP server on this machine."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from notifications.sink import dialects, misdeeds
from notifications.sink.arrivals import Arrivals
from notifications.sink.dialects import Call
from notifications.sink.trouble import Trouble


class Server(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True

    def __init__(self, port: int, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def base(self) -> str:
        """Return the bus's own address."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """Return the address to post events to."""
        return f"{self.base}/events"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that stopping can end it."""
        with self.arrivals.lock:
            self.arrivals.connections += 1
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        with self.arrivals.lock:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about callers who hang up."""

    def hang_up(self) -> None:
        """End every connection and every slow answer."""
        self.stopping.set()
        for request in list(self.open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Takes events by POST; `/control` and `/arrivals` are for whoever runs the bus."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take one event, or one order to misbehave."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if self.path == "/control":
                return self._control(json.loads(body))
            if self.path.startswith("/v3/") and self.path.endswith("/topics"):
                return self._create_topic(json.loads(body)["topic_name"])
            heads = {name.lower(): value for name, value in self.headers.items()}
            call = dialects.read(self.path, heads, body)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            return self.say(422, {"error_code": 422, "message": f"{type(error).__name__}: {error}"})
        return self._take(call)

    def do_GET(self) -> None:
        """List topics, or what arrived."""
        topics = self.server.arrivals.topics or set()
        name = unquote(self.path.rsplit("/", 1)[-1])
        if self.path == "/topics":
            self.say(200, sorted(topics))
        elif self.path == "/arrivals":
            self.say(200, [asdict(arrival) for arrival in self.server.arrivals.arrived])
        elif self.path.startswith("/v3/") and name in topics:
            self.say(200, {"topic_name": name})
        else:
            self.say(404, {"error_code": 40403, "message": "unknown"})

    def say(self, status: int, body: Any, **headers: str) -> None:
        """Answer in JSON."""
        data = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the command prints events itself."""

    def _take(self, call: Call) -> None:
        trouble = self.server.arrivals.accept(call)
        if trouble is None:
            self.say(*dialects.answer(call, offset=len(self.server.arrivals.arrived)))
        else:
            misdeeds.DEEDS[trouble.kind](self, call, trouble)

    def _control(self, order: dict[str, Any]) -> None:
        arrivals = self.server.arrivals
        if order.get("kind") == "behave":
            arrivals.behave()
        else:
            arrivals.misbehave(Trouble(**order))
        self.say(200, [asdict(trouble) for trouble in arrivals.troubles])

    def _create_topic(self, name: str) -> None:
        topics = self.server.arrivals.topics
        if topics is not None and name in topics:
            return self.say(
                400, {"error_code": 40002, "message": f"Topic '{name}' already exists."}
            )
        self.server.arrivals.topics = {*(topics or set()), name}
        return self.say(201, {"topic_name": name})


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
        server.hang_up()
        server.server_close()
