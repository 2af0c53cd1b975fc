"""One listener of the stream: what was asked, what is still to be sent, and when it is over."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils import timezone

from core.stream_address import may_read
from workspace.live.hints import Hint
from workspace.live.log import Batch
from workspace.live.viewers import Viewer

if TYPE_CHECKING:
    from workspace.live.stream import Stream

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT_SECONDS = 15.0
# So long an altered right may go unnoticed.
RIGHTS_SECONDS = 60.0
# Who does not read is let go; the browser comes back with the last id it has.
MOST_UNREAD = 100
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for the stream says."""

    session_key: str
    place: int | None
    cors: tuple[tuple[bytes, bytes], ...]


class Refused(Exception):
    """The stream is not for this request."""

    def __init__(self, status: int, text: str, asked: Asked | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = (
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"retry-after", b"30"),
            *(asked.cors if asked else ()),
        )

    async def answer(self, send: Send) -> None:
        """Send the refusal."""
        head = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(head)
        await send({"type": "http.response.body", "body": str(self).encode()})


def asked_of(scope: Message) -> Asked:
    """Read a request; raises `Refused` for a foreign host, origin or method."""
    heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = heads.get("host", ""), heads.get("origin", "")
    if scope["method"] != "GET":
        raise Refused(405, "The stream is only read.")
    if not validate_host(urlsplit(f"//{host}").hostname or "", settings.ALLOWED_HOSTS):
        raise Refused(400, "Unknown host.")
    if origin and not may_read(origin, host):
        raise Refused(403, "Pages of this origin may not read the stream.")
    cors = [(b"access-control-allow-origin", origin.encode("latin-1"))] if origin else []
    cors += [(b"access-control-allow-credentials", b"true"), (b"vary", b"Origin, Cookie")]
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    place = heads.get("last-event-id") or asked
    return Asked(
        session_key=_session_key(heads.get("cookie", "")),
        place=int(place) if place.isdecimal() and len(place) < 19 else None,
        cors=tuple(cors),
    )


def _session_key(cookie: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    with suppress(CookieError):
        jar.load(cookie)
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


class Connection:
    """An open answer; what it tells was judged for its viewer alone."""

    def __init__(self, stream: "Stream", asked: Asked, viewer: Viewer) -> None:
        self.session_key = asked.session_key
        self._stream, self._asked, self._viewer = stream, asked, viewer
        self._unread: asyncio.Queue[Batch | None] = asyncio.Queue(MOST_UNREAD)
        self._rights_until = time.monotonic() + RIGHTS_SECONDS

    def tell(self, hints: list[Hint]) -> None:
        """Put the hints this viewer may have in line."""
        told = [told for hint in hints if (told := hint.for_viewer(self._viewer))]
        if told:
            self._put(Batch(self._stream.feed.last, changes=told))

    def end(self) -> None:
        """Close the connection after what is being sent."""
        self._put(None)

    def _put(self, batch: Batch | None) -> None:
        if self._unread.full():
            while not self._unread.empty():
                self._unread.get_nowait()
            batch = None
        self._unread.put_nowait(batch)

    async def hold(self, receive: Receive, send: Send) -> None:
        """Send what was missed, then what comes, until either side has enough."""
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": (*HEADERS, *self._asked.cors),
            }
        )
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(lambda _: self.end())
        try:
            await self._send(send, await self._missed(), b"retry: 3000\n")
            while batch := await self._next():
                await self._send(send, batch)
        finally:
            gone.cancel()
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})

    async def _missed(self) -> Batch:
        place, feed = self._asked.place, self._stream.feed
        if place is None:
            return Batch(feed.last)
        return await self._stream.run(lambda: feed.since(place, self._viewer, timezone.now()))

    async def _next(self) -> Batch | None:
        """Return what is to be sent next, an empty batch to say that all is well, or the end."""
        while True:
            if time.monotonic() > self._rights_until and not await self._still_admitted():
                return None
            try:
                return await asyncio.wait_for(self._unread.get(), BEAT_SECONDS)
            except TimeoutError:
                if self._stream.well:
                    return Batch(self._stream.feed.last)

    async def _still_admitted(self) -> bool:
        self._rights_until = time.monotonic() + RIGHTS_SECONDS
        viewer = await self._stream.run(lambda: self._stream.feed.admit(self.session_key))
        if viewer is None or viewer.user_id != self._viewer.user_id:
            return False
        self._viewer = viewer
        return True

    async def _send(self, send: Send, batch: Batch, first: bytes = b"") -> None:
        data = json.dumps(batch.as_json(), ensure_ascii=False, separators=(",", ":"))
        body = first + f"id: {batch.last}\ndata: {data}\n\n".encode()
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
