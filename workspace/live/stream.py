"""The event stream as an ASGI application: many connections, one look into the log a second.

It holds no request of its own beyond this one address, so that the web server's threads stay free.
Everything that touches the database runs in one thread, on one connection.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from django.db import close_old_connections

from core.stream_address import PATH
from workspace.live.connection import Connection, Refused, asked_of
from workspace.live.feed import Feed

logger = logging.getLogger(__name__)
T = TypeVar("T")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LOOK_SECONDS = 1.0
# Every so many looks it is asked which sessions are over.
LOOKS_PER_ROLL_CALL = 5


class Run(Protocol):
    """How database work is done."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


class OneThread:
    """Do database work in one thread of its own, hence on one connection."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="log")

    async def __call__(self, work: Callable[[], T]) -> T:
        """Return what the work returns."""

        def fresh() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, fresh)


class Stream:
    """The application; `run` says how database work is done, tests do it at once."""

    def __init__(self, feed: Feed, *, most: int, run: Run | None = None) -> None:
        self.feed = feed
        self.most = most
        self.connections: set[Connection] = set()
        self.well = False
        self._run = run or OneThread()
        self._watch: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._serve(scope, receive, send)
            except Refused as reason:
                await reason.answer(send)

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        asked = asked_of(scope)
        if scope["path"] != PATH:
            raise Refused(404, "Only the stream is here.")
        if len(self.connections) >= self.most:
            raise Refused(503, "Too many connections.", asked)
        viewer = await self._run(lambda: self.feed.admit(asked.session_key))
        if viewer is None:
            raise Refused(403, "Sign in first.", asked)
        connection = Connection(self, asked, viewer)
        self.connections.add(connection)
        try:
            await self._begin()
            await connection.hold(receive, send)
        finally:
            self.connections.discard(connection)

    async def run(self, work: Callable[[], T]) -> T:
        """Do database work."""
        return await self._run(work)

    async def _begin(self) -> None:
        """Watch the log while anybody listens."""
        async with self._beginning:
            if self._watch is None or self._watch.done():
                await self._run(self.feed.start)
                self.well = True
                self._watch = asyncio.create_task(self._look_again_and_again())

    async def _look_again_and_again(self) -> None:
        looks = 0
        while self.connections:
            await asyncio.sleep(LOOK_SECONDS)
            looks += 1
            try:
                await self._look(roll_call=looks % LOOKS_PER_ROLL_CALL == 0)
                self.well = True
            except Exception:
                # Without a database nobody hears anything, and browsers begin to ask by themselves.
                self.well = False
                logger.exception("the event log could not be read")

    async def _look(self, *, roll_call: bool) -> None:
        hints = await self._run(self.feed.fresh)
        for connection in self.connections if hints else ():
            connection.tell(hints)
        if roll_call:
            keys = {connection.session_key for connection in self.connections}
            alive = await self._run(lambda: self.feed.alive(keys))
            for connection in self.connections:
                if connection.session_key in keys - alive:
                    connection.end()


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's start and end."""
    with suppress(asyncio.CancelledError):
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
