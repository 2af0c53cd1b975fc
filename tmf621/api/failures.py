"""Every failure under the API's prefixes has the TMF error body (tmf.md §3.8)."""

import json
import logging
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.changes import MovedOn
from incidents.errors import IllegalMove, MissingField, NotAllowed, Refused
from tmf621 import refusals
from tmf621.errors import (
    BadAttribute,
    BadBody,
    BadQuery,
    BadRequest,
    Conflict,
    IllegalStatus,
    MissingAttribute,
    PatchTestFailed,
    TicketError,
)
from tmf621.filtering import BadFilter

logger = logging.getLogger(__name__)
# Where machines expect the TMF error body whatever happens.
PREFIXES = ("/tmf-api/", "/api/sn_ind_tsm_sdwan/", "/api/sn_api_notif_mgmt/")
MALFORMED = "This request is too large or malformed."
OURS = "Something went wrong here; the request changed nothing."

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
    if isinstance(error, OperationalError | InterfaceError):
        # The database is away, or somebody held a lock too long: both pass.
        return _answer(503, "The database does not answer; nothing changed.", {"Retry-After": "2"})
    return _answer(500, OURS, {})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django refuses before any view is asked, such as an unknown host."""
    if not request.path_info.startswith(PREFIXES):
        return defaults.bad_request(request, exception)
    error = BadRequest(MALFORMED)
    return _plain(error.status, error.code, error.reason, error.message)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer what broke outside of any view."""
    if not request.path_info.startswith(PREFIXES):
        return defaults.server_error(request)
    return _plain(500, *_KNOWN[500], OURS)


def _plain(status: int, code: str, reason: str, message: str) -> HttpResponse:
    body = error_body(code=code, reason=reason, message=message, status=status)
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")


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
        case SuspiciousOperation():
            return BadRequest(MALFORMED)
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
