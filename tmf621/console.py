"""What the test console does with a body: hold it against the schema, send it, say it in curl."""

import json
import secrets
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from rest_framework.test import APIRequestFactory, force_authenticate

from core.models import User
from tmf621.description.definitions import create_schema
from tmf621.description.subjects import JSON, SUBJECTS
from tmf621.errors import TicketError
from tmf621.parsing import parse_moment, read_json

MOST_PROBLEMS = 25
_KINDS = {
    "string": "a text",
    "object": "an object",
    "array": "an array",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}
_formats = FormatChecker(formats=())


@_formats.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or parse_moment(value) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def phrase(self) -> str:
        return HTTPStatus(self.status).phrase

    @property
    def text(self) -> str:
        """Return the body as readable JSON."""
        return "" if self.body is None else json.dumps(self.body, indent=2, ensure_ascii=False)

    @property
    def ticket_id(self) -> str:
        """Return the id of the ticket it tells; empty where it tells none."""
        told = self.status < 400 and isinstance(self.body, dict)
        return str(self.body.get("id", "")) if told else ""

    @property
    def holder_id(self) -> str:
        """Return the id of the open ticket that has the sent external id already; else empty."""
        refused = self.status == HTTPStatus.CONFLICT
        return self.headers.get("Location", "").rpartition("/")[2] if refused else ""


def check(face: str, raw_body: str) -> list[str]:
    """Return what is wrong with a new ticket's body, in sentences; nothing where it is right."""
    try:
        body = read_json(raw_body.encode())
    except TicketError as error:
        return [error.message]
    validator = Draft202012Validator(create_schema(face), format_checker=_formats)
    # One fault may be met on several ways through the schema.
    found = {line: None for error in validator.iter_errors(body) for line in _sentences(error)}
    return list(found)[:MOST_PROBLEMS]


def send(*, face: str, raw_body: str, user: User, base_url: str, key: str = "") -> Answer:
    """Post a body as the user, through the very view the address leads to; return its answer.

    `base_url` is the site's address as the user sees it, `key` makes the same body count once.
    """
    site = urlsplit(base_url)
    path = SUBJECTS[face].collection
    headers = {"Host": site.netloc}
    if key:
        headers["Idempotency-Key"] = f"{key}-{sha256(raw_body.encode()).hexdigest()[:16]}"
    request = APIRequestFactory().generic(
        "POST", path, raw_body, content_type=JSON, secure=site.scheme == "https", headers=headers
    )
    force_authenticate(request, user)
    view = resolve(path)
    response = view.func(request, *view.args, **view.kwargs)
    response.render()
    body = json.loads(response.content) if response.content else None
    return Answer(response.status_code, dict(response.items()), body)


def renew(raw_body: str) -> str:
    """Return a body with an external id of its own; one without any, or no JSON, stays as it is."""
    try:
        body = read_json(raw_body.encode())
    except TicketError:
        return raw_body
    if not isinstance(body, dict):
        return raw_body
    fresh, listed = f"console-{secrets.token_hex(4)}", body.get("externalIdentifier")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        listed[0]["id"] = fresh
    elif "externalId" in body:
        body["externalId"] = fresh
    else:
        return raw_body
    return json.dumps(body, indent=2, ensure_ascii=False)


def curl(face: str, raw_body: str, base_url: str) -> str:
    """Return the command that sends the same body from a shell."""
    address = shlex.quote(base_url + SUBJECTS[face].collection)
    return (
        f"curl -i -X POST {address} \\\n"
        '  -H "Authorization: Bearer $TOKEN" \\\n'
        f"  -H 'Content-Type: {JSON}' \\\n"
        f"  --data-raw {shlex.quote(raw_body)}"
    )


def _sentences(error: ValidationError) -> Iterator[str]:
    path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
    where = path.lstrip(".")
    if error.validator == "required":
        required: Any = error.validator_value
        given: Any = error.instance
        missing = [name for name in required if name not in given]
        yield from (f"{where}.{name}".lstrip(".") + ": this field is required." for name in missing)
    else:
        yield f"{where or 'The body'}: {_fault(error)}"


def _fault(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            return f"this must be {_KINDS.get(str(wanted), wanted)}."
        case "enum":
            return f"this must be one of {', '.join(map(str, wanted))}."
        case "const":
            return f"this must be {wanted}."
        case "format":
            return "this must be an RFC 3339 date-time with an offset, from 1970 to 2199."
        case "maxLength":
            return f"at most {wanted} characters are kept."
        case "minLength":
            return "this must not be empty."
        case "maxItems":
            return f"at most {wanted} items are taken at once."
    return f"{error.message}."
