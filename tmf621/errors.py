"""Every failure under the API's prefix has the TMF error body (tmf.md §3.8)."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.changes import MovedOn
from incidents.errors import IllegalMove, MissingField, NotAllowed, Refused
from tmf621 import refusals
from tmf621.filtering import BadFilter

logger = logging.getLogger(__name__)


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


class BadHeader(TicketError):
    """A header has an unusable value."""

    code, reason = "26", "Invalid header value"


class TooLarge(TicketError):
    """The body is larger than the limit."""

    status, code, reason = 413, "22", "Body too large"


# What the framework raises: status → TMF code and reason.
_KNOWN = {
    400: ("22", "Invalid body"),
    401: ("41", "Invalid credentials"),
    403: ("50", "Access denied"),
    404: ("60", "Resource not found"),
    405: ("61", "Method not allowed"),
    413: ("22", "Body too large"),
    415: ("26", "Unsupported media type"),
    429: ("51", "Too many requests"),
    500: ("1", "Internal error"),
    503: ("5", "The service is temporarily unavailable"),
}


def error_body(*, code: str, reason: str, message: str, status: int) -> dict[str, str]:
    """Return the TMF error body; code and status are texts in it."""
    return {
        "code": code,
        "reason": reason,
        "message": message,
        "status": str(status),
        "@type": "Error",
    }


def answer_error(error: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever was raised into an answer, and undo what the request did so far."""
    known = _translated(error)
    set_rollback()
    if isinstance(known, TicketError):
        body = error_body(
            code=known.code, reason=known.reason, message=known.message, status=known.status
        )
        return Response(body, status=known.status, headers=known.headers)
    if isinstance(known, exceptions.APIException):
        return _framework_error(known)
    logger.error("trouble ticket request failed", exc_info=error)
    return _answer(500, "Something went wrong here; the request changed nothing.", {})


def _translated(error: Exception) -> Exception:
    match error:
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied() | NotAllowed():
            return exceptions.PermissionDenied(str(error) or None)
        case refusals.BadDocument():
            return BadBody(error.message)
        case refusals.MissingMember():
            return MissingAttribute(error.message)
        case refusals.BadMember():
            return BadAttribute(error.message)
        case refusals.FailedTest():
            return PatchTestFailed(error.message)
        case BadFilter():
            return BadQuery(str(error))
        case MissingField():
            return BadAttribute(f"{error.field}: {error}")
        case IllegalMove():
            return IllegalStatus(str(error))
        case MovedOn() | Refused():
            return Conflict(str(error))
    return error


def _framework_error(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    # The framework sets `wait` on Throttled only, and only where it knows it.
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    if isinstance(error, exceptions.NotAuthenticated):
        body = error_body(
            code="40", reason="Missing credentials", message=str(error.detail), status=401
        )
        return Response(body, status=401, headers=headers)
    return _answer(error.status_code, str(error.detail), headers)


def _answer(status: int, message: str, headers: dict[str, str]) -> Response:
    code, reason = _KNOWN.get(status, _KNOWN[400 if status < 500 else 500])
    body = error_body(code=code, reason=reason, message=message, status=status)
    return Response(body, status=status, headers=headers)
