"""The API's faces as their published files describe them, and a client that speaks to one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from tmf621.schemas import published_schema

PUBLISHED = Path(__file__).parent / "tmf621"
JSON = "application/json"
MERGE = "application/merge-patch+json"
PATCH = "application/json-patch+json"
QUERY = "application/json-patch-query+json"
MINIMAL = {"description": "Link down", "severity": "2", "ticketType": "incident"}


@dataclass(frozen=True)
class Face:
    """One version of the API: where it lies, and what its published schema calls things."""

    name: str
    url: str
    create: str = "TroubleTicket_Create"
    update: str = "TroubleTicket_Update"
    minimal: Mapping[str, Any] = field(default_factory=lambda: MINIMAL)
    patch_types: tuple[str, ...] = (JSON, MERGE)

    def __str__(self) -> str:
        return self.name

    def example(self, name: str) -> Any:
        """Return one of the example payloads of this version."""
        return json.loads((PUBLISHED / "examples" / f"{self.name}-{name}.json").read_text())

    def faults(self, definition: str, value: Any) -> list[str]:
        """Return what the published schema finds wrong with a value."""
        found = _validator(self.name, definition).iter_errors(value)
        return [f"{list(error.absolute_path)}: {error.message[:300]}" for error in found]


V4 = Face(
    "v4",
    "/tmf-api/troubleTicket/v4/troubleTicket",
    patch_types=(JSON, MERGE, PATCH, QUERY),
)
V5 = Face(
    "v5",
    "/tmf-api/troubleTicket/v5/troubleTicket",
    "TroubleTicket_FVO",
    "TroubleTicket_MVO",
    minimal={"@type": "TroubleTicket", **MINIMAL},
    patch_types=(JSON, MERGE, PATCH, QUERY),
)
SERVICENOW = Face("servicenow", "/api/sn_ind_tsm_sdwan/ticket/troubleTicket")
STANDARD = [V4, V5]
FACES = [V4, V5, SERVICENOW]


@cache
def _validator(face: str, definition: str) -> Draft202012Validator:
    part = {"$defs": published_schema(face)["$defs"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(part, format_checker=FormatChecker())


class Speaker:
    """Speaks to one face as one client and holds every answer against its schema."""

    def __init__(self, face: Face, authorization: str) -> None:
        self.face = face
        headers = {"Authorization": authorization}
        self.client = Client(headers=headers, raise_request_exception=False)

    def send(self, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        """Send a request; `body` is JSON unless it is bytes already."""
        kind = more.pop("content_type", JSON)
        data = body if isinstance(body, bytes) else b"" if body is None else _bytes(body)
        url = self.face.url + path
        answer = self.client.generic(method, url, data, content_type=kind, **more)
        self.hold(answer)
        return answer

    def hold(self, answer: Any) -> None:
        """Fail where an answer is none of this face."""
        if answer.status_code in (202, 204) and not answer.content:
            return
        assert answer["Content-Type"] == JSON
        told = answer.json()
        if answer.status_code >= 400:
            assert self.face.faults("Error", told) == []
            assert told["status"] == str(answer.status_code)
            return
        for ticket in told if isinstance(told, list) else [told]:
            assert self.face.faults("TroubleTicket", ticket) == []

    def get(self, path: str = "", **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, body: Any, **more: Any) -> Any:
        return self.send("POST", "", body, **more)

    def patch(self, ticket_id: str, body: Any, kind: str = JSON) -> Any:
        return self.send("PATCH", f"/{ticket_id}", body, content_type=kind)

    def open(self, **values: Any) -> dict[str, Any]:
        """Create a ticket and return what the API tells about it."""
        answer = self.post({**self.face.minimal, **values})
        assert answer.status_code == 201, answer.content
        return dict(answer.json())


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
