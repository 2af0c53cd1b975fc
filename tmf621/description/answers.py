"""What comes back: answers with their headers, and every error with the one body it has."""

from typing import Any

from tmf621.description.subjects import JSON

Answer = dict[str, Any]
# HTTP status → TMF code, reason, a message as one may get it, and when it is sent.
ERRORS = {
    400: (
        "24",
        "Invalid body field",
        "severity: this must be a text.",
        "The request makes no sense: 21 no body, 22 an unusable body, 23 a missing attribute, "
        "24 an attribute with a wrong type or value, 26 an unusable header, 28 an unusable query "
        "parameter.",
    ),
    401: (
        "40",
        "Missing credentials",
        "Authentication credentials were not provided.",
        "There are no credentials (40), or they are wrong, expired or revoked (41).",
    ),
    403: (
        "50",
        "Access denied",
        "This needs the role sn_ind_tsm_sdwan.ticket_integrator.",
        "The client's role or scope does not reach this far.",
    ),
    404: (
        "60",
        "Resource not found",
        "There is no such trouble ticket.",
        "There is no such resource, or it belongs to another domain.",
    ),
    405: (
        "61",
        "Method not allowed",
        'Method "PUT" not allowed.',
        "The address does not take this method; `Allow` names those it takes.",
    ),
    409: (
        "70",
        "Illegal status transition",
        "status 'resolved' cannot become 'pending'; allowed: inProgress, closed.",
        "The resource is in no condition for this: an illegal status change (70), or another "
        "conflict (71): `Location` names the open ticket with the same external id; `Retry-After` "
        "asks for patience while the first request with the same `Idempotency-Key` is under way.",
    ),
    412: (
        "26",
        "Precondition failed",
        "If-Match: the ticket has changed since; read it again.",
        "The resource no longer has the `ETag` that `If-Match` names.",
    ),
    413: ("22", "Body too large", "A body holds at most 1048576 bytes.", "The body is too large."),
    415: (
        "26",
        "Unsupported media type",
        'Unsupported media type "text/plain" in request.',
        "The body has a media type this operation does not take.",
    ),
    429: (
        "51",
        "Too many requests",
        "Request was throttled. Expected available in 7 seconds.",
        "The client asks too often; `Retry-After` says when to try again.",
    ),
    500: (
        "1",
        "Internal error",
        "Something went wrong here; the request changed nothing.",
        "Our fault; the request changed nothing.",
    ),
    503: (
        "5",
        "The service is temporarily unavailable",
        "The database does not answer; nothing changed.",
        "This passes; `Retry-After` says when to try again.",
    ),
}
_ERROR_HEADERS = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    409: ("Location", "Retry-After"),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
HEADERS: dict[str, dict[str, Any]] = {
    "X-Total-Count": {"description": "How many match.", "schema": {"type": "integer"}},
    "X-Result-Count": {"description": "How many this answer holds.", "schema": {"type": "integer"}},
    "Link": {
        "description": "Addresses of other pages (RFC 8288): self, first, prev, next, last; those "
        "there are.",
        "schema": {"type": "string"},
    },
    "Content-Range": {
        "description": "Which of the matches this answer holds, such as `items 26-50`.",
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Tells this state of the resource from every other.",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Absolute address of the resource.",
        "schema": {"type": "string", "format": "uri"},
    },
    "Idempotent-Replayed": {
        "description": "`true` where this is the answer an earlier request with the same "
        "`Idempotency-Key` got.",
        "schema": {"enum": ["true"]},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "Allow": {"description": "Methods the address takes.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}},
}


def headers(*names: str) -> dict[str, Any]:
    """Return references to headers by their names."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def answer(
    words: str, schema: dict[str, Any] | None, *names: str, example: Any | None = None
) -> Answer:
    """Return an answer with a JSON body, or without any, and the named headers."""
    told: Answer = (
        {"description": words, "headers": headers(*names)} if names else {"description": words}
    )
    if schema is not None:
        media: dict[str, Any] = {"schema": schema}
        if example is not None:
            media["examples"] = {"answer": {"value": example}}
        told["content"] = {JSON: media}
    return told


def error_references(*statuses: int) -> dict[str, Answer]:
    """Return the errors an operation may answer with."""
    return {str(s): {"$ref": f"#/components/responses/Error{s}"} for s in sorted(statuses)}


def error_answers() -> dict[str, Answer]:
    """Return every error, as the `components` of a description hold them."""
    schema = {"$ref": "#/components/schemas/Error"}
    told = {}
    for status, (code, reason, message, words) in ERRORS.items():
        body = {
            "code": code,
            "reason": reason,
            "message": message,
            "status": str(status),
            "@type": "Error",
        }
        names = _ERROR_HEADERS.get(status, ())
        told[f"Error{status}"] = answer(words, schema, *names, example=body)
    return told
