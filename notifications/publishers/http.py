"""HTTP as events need it: no redirects, short patience, little reading, one kept connection."""

import re
import select
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException, HTTPResponse
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from django.utils import timezone

from notifications.egress import Forbidden, checked
from notifications.publishers.deadline import DeadlineConnection, tls_context
from notifications.publishers.interface import Receipt

TOTAL_SECONDS = 15.0
READ_AT_MOST = 65_536
SHOWN = 200
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, or `error`: why it said nothing."""

    status: int | None = None
    body: bytes = b""
    retry_after: int | None = None
    error: str = ""

    @property
    def shown(self) -> str:
        """Return the beginning of the body, for people."""
        return self.body[: 4 * SHOWN].decode(errors="replace")[:SHOWN].replace("\x00", "")


@dataclass
class Line:
    """A connection that is kept between calls to one host; closed at the block's end."""

    total_seconds: float = TOTAL_SECONDS
    _kept: DeadlineConnection | None = None
    _origin: tuple[str, str] = field(default=("", ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def call(
        self,
        url: str,
        *,
        method: str = "POST",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        read_at_most: int = READ_AT_MOST,
    ) -> Answer:
        """Make one call, all of it within `total_seconds`; never raises for the other side."""
        try:
            connection = self._connected(url, time.monotonic() + self.total_seconds)
            own = {k: v for k, v in (headers or {}).items() if k.lower() not in OURS}
            connection.request(method, _path(url), body=body, headers=own)
            return self._read(connection.getresponse(), read_at_most)
        except Forbidden as error:
            return Answer(error=str(error))
        except TimeoutError:
            self.hang_up()
            return Answer(error=f"no whole answer within {self.total_seconds:g} seconds")
        except (OSError, HTTPException, ValueError) as error:
            self.hang_up()
            return Answer(error=f"{type(error).__name__}: {error}"[:300])

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _connected(self, url: str, until: float) -> DeadlineConnection:
        parts = urlsplit(url)
        if self._kept is not None and self._origin == parts[:2] and _alive(self._kept):
            self._kept.end_by(until)
            return self._kept
        self.hang_up()
        place = checked(url)
        tls = _tls() if place.scheme == "https" else None
        made = DeadlineConnection(address=place.address, host=place.host, port=place.port, tls=tls)
        made.end_by(until)
        self._kept, self._origin = made, (parts[0], parts[1])
        return made

    def _read(self, response: HTTPResponse, read_at_most: int) -> Answer:
        body = response.read(read_at_most)
        if not response.isclosed() and (response.read(1) or response.will_close):
            # More than anybody needs to hear: not worth waiting for its end.
            self.hang_up()
        return Answer(
            status=response.status,
            body=body,
            retry_after=seconds_from(response.headers.get("Retry-After", ""), timezone.now()),
        )


def judged(answer: Answer, *, good: frozenset[int] | range = range(200, 300)) -> Receipt:
    """Turn an answer into a receipt: one of the good codes is a delivery, a redirect is none."""
    if answer.status is None:
        return Receipt(ok=False, detail=answer.error)
    if answer.status in good:
        return Receipt(ok=True, status=answer.status)
    detail = answer.shown
    if 300 <= answer.status < 400:
        detail = "redirects are not followed; name the final address"
    return Receipt(ok=False, status=answer.status, detail=detail, retry_after=answer.retry_after)


def seconds_from(text: str, now: datetime) -> int | None:
    """Read Retry-After, seconds or an HTTP date; None when it is neither (RFC 9110 §10.2.3)."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return int(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round((moment - now).total_seconds()))


def _path(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe="/%?&=+:;,@!$'()*~[]")


def _alive(connection: DeadlineConnection) -> bool:
    # Something to read between two calls is the other side hanging up, or talking out of turn.
    if connection.sock is None:
        return False
    return not select.select([connection.sock], [], [], 0)[0]


@cache
def _tls() -> ssl.SSLContext:
    return tls_context()
