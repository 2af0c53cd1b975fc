"""How each trouble is done to a caller."""

import contextlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from notifications.sink.dialects import Call, answer, refusal
from notifications.sink.trouble import Kind, Trouble

if TYPE_CHECKING:
    from notifications.sink.server import Handler

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def _fail(handler: "Handler", call: Call, trouble: Trouble) -> None:
    headers = {"Retry_After": trouble.retry_after} if trouble.retry_after else {}
    handler.say(trouble.status, refusal(call, trouble.status), **headers)


def _redirect(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.say(302, {}, Location=trouble.location)


def _record_error(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.say(*answer(call, offset=0, error=trouble.status))


def _slow(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.server.stopping.wait(trouble.seconds)
    handler.say(*answer(call, offset=0))


def _drop(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)


def _drip(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not handler.server.stopping.wait(trouble.seconds):
            handler.wfile.write(b"x")


def _flood(handler: "Handler", call: Call, trouble: Trouble) -> None:
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not handler.server.stopping.is_set():
            handler.wfile.write(CHUNK)


DEEDS: dict[Kind, Callable[["Handler", Call, Trouble], None]] = {
    "fail": _fail,
    "redirect": _redirect,
    "record_error": _record_error,
    "slow": _slow,
    "drop_before": _drop,
    "drop_after": _drop,
    "drip": _drip,
    "flood": _flood,
}
