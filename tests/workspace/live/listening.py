"""Listen to the stream without a server: the ASGI messages themselves."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.test import Client

from core.models import User
from workspace.live.feed import Feed
from workspace.live.stream import Stream

PATIENCE = 10.0


class AtOnce:
    """Do database work where the test's transaction is seen."""

    async def __call__(self, work: Callable[[], Any]) -> Any:
        return work()


@dataclass
class Listener:
    """One request for the stream, and what came of it."""

    stream: Stream
    headers: dict[str, str]
    path: str = "/live/stream"
    query: str = ""
    method: str = "GET"
    status: int = 0
    heads: dict[str, str] = field(default_factory=dict)
    batches: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        self._gone, self._news = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def listen(self) -> "Listener":
        """Ask, and wait for the head of the answer."""
        scope = {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "query_string": self.query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in self.headers.items()],
        }
        self._task = asyncio.create_task(self.stream(scope, self._receive, self._send))
        await self.until(lambda: self.status or self.over)
        return self

    @property
    def over(self) -> bool:
        return self._task is not None and self._task.done()

    @property
    def hints(self) -> list[dict[str, Any]]:
        return [hint for batch in self.batches for hint in batch["changes"]]

    async def until(self, reached: Callable[[], Any]) -> None:
        """Wait until something came that makes this true."""
        async with asyncio.timeout(PATIENCE):
            while not reached():
                await asyncio.sleep(0.01)
        if self.over and self._task:
            self._task.result()

    async def leave(self) -> None:
        """Close the connection, as a tab does."""
        self._gone.set()
        assert self._task is not None
        await asyncio.wait_for(self._task, PATIENCE)

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.heads = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        text = message["body"].decode()
        self.text += text
        lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
        self.batches += [json.loads(line) for line in lines]


class Hearing:
    """A stream for a test, and the people who listen to it."""

    def __init__(self, most: int = 10) -> None:
        self.stream = Stream(Feed(), most=most, run=AtOnce())

    def session(self, user: User) -> str:
        browser = Client()
        browser.force_login(user)
        return browser.cookies["sessionid"].value

    def listener(
        self, session: str = "", headers: dict[str, str] | None = None, **values: Any
    ) -> Listener:
        heads = {"host": "127.0.0.1:8001", "cookie": f"sessionid={session}", **(headers or {})}
        return Listener(self.stream, heads, **values)

    async def hear(self, user: User, **values: Any) -> Listener:
        """Let somebody listen, and wait for the first message."""
        listener = await self.listener(self.session(user), **values).listen()
        await listener.until(lambda: listener.batches)
        return listener


def hearing(play: Callable[[Hearing], Awaitable[None]], **values: Any) -> None:
    """Play a scene in an event loop, on the connection that holds the test's transaction."""
    ours = connections["default"]

    async def scene() -> None:
        connections["default"] = ours
        await play(Hearing(**values))

    asyncio.run(scene())
