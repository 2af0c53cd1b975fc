"""What can be wrong with a request to the trouble ticket API (tmf.md §3.8)."""

from typing import Any


class TicketError(Exception):
    """A request that cannot be served: HTTP status, TMF code, reason, and a sentence."""

    status = 400
    code = "22"
    reason = "Invalid body"

    def __init__(self, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}


class BadBody(TicketError):
    """The body as a whole is unusable."""


class MissingBody(TicketError):
    """There is no body."""

    code, reason = "21", "Missing body"


class MissingAttribute(TicketError):
    """A mandatory attribute is not there."""

    code, reason = "23", "Missing body field"


class BadAttribute(TicketError):
    """An attribute has the wrong type or value, or may not be set."""

    code, reason = "24", "Invalid body field"


class BadQuery(TicketError):
    """A query parameter is unknown or has an unusable value."""

    code, reason = "28", "Invalid query parameter value"


class UnknownTicket(TicketError):
    """There is no such ticket, or it belongs to another domain."""

    status, code, reason = 404, "60", "Resource not found"


class IllegalStatus(TicketError):
    """The ticket cannot go from its status to the asked one."""

    status, code, reason = 409, "70", "Illegal status transition"


class Conflict(TicketError):
    """The ticket is in no condition for what is asked."""

    status, code, reason = 409, "71", "Conflict"


class RepeatedTicket(Conflict):
    """The client has an open ticket with this external id already; `record` is it."""

    def __init__(self, record: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(
            f"externalId: your open ticket {record.uid} ({record.number}) has this one already.",
            headers=headers,
        )


class PatchTestFailed(TicketError):
    """A JSON Patch `test` found another value than the client expected."""

    status, code, reason = 409, "71", "Test of the patch failed"


class Changed(TicketError):
    """The resource is no longer what If-Match names."""

    status, code, reason = 412, "26", "Precondition failed"


class BadRequest(TicketError):
    """The request is unusable before anybody looks into it."""

    code, reason = "20", "Invalid request"


class BadHeader(TicketError):
    """A header has an unusable value."""

    code, reason = "26", "Invalid header value"


class TooLarge(TicketError):
    """The body is larger than the limit."""

    status, code, reason = 413, "22", "Body too large"
