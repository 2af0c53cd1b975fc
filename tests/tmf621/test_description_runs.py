"""What the descriptions promise is what the API does: every example is sent, every answer held."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from cmdb.models import ConfigurationItem
from core.models import SystemProperty
from core.usage import REQUESTS_PER_MINUTE
from tests.tmf621.conftest import Api
from tmf621.api.failures import error_body
from tmf621.description import describe
from tmf621.description.answers import ERRORS
from tmf621.description.subjects import SUBJECTS
from tmf621.faces import FACES

JSON = "application/json"
# Sent where they apply only.
SOMETIMES = {"Content-Range", "Idempotent-Replayed", "Link", "Retry-After"}
each_face = pytest.mark.parametrize("face", SUBJECTS)
Example = tuple[str, str, Any]


class Described:
    """Speaks to a face and holds every answer against the face's description."""

    def __init__(self, face: str, client: Client) -> None:
        self.whole = describe(face, "http://testserver")
        self.base = SUBJECTS[face].base
        self.client = client

    def send(self, verb: str, path: str, body: Any = None, **more: Any) -> Any:
        """Send a request to a path of the description; `{id}` is filled by `id`."""
        query, key = more.pop("query", {}), more.pop("id", "")
        kind, headers = more.pop("content_type", JSON), more.pop("headers", {})
        address = self.base + path.replace("{id}", key)
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.client.generic(
            verb.upper(), address, data, kind, headers=headers, query_params=query
        )
        self.hold(self.whole["paths"][path][verb], answer)
        return answer

    def hold(self, operation: dict[str, Any], answer: Any) -> None:
        told = self.found(operation["responses"][str(answer.status_code)])
        sometimes = SOMETIMES | ({"Location"} if answer.status_code == 409 else set())
        assert set(told.get("headers", {})) - set(answer.headers) <= sometimes
        if "content" not in told:
            assert answer.content == b""
            return
        schema = {**self.whole, **told["content"][answer["Content-Type"]]["schema"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [error.message for error in validator.iter_errors(answer.json())] == []

    def found(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        kind, name = node["$ref"].split("/")[-2:]
        return dict(self.whole["components"][kind][name])

    def examples(self, path: str, verb: str) -> Iterator[Example]:
        """Yield media type, name and body of every example of an operation."""
        for kind, media in self.whole["paths"][path][verb]["requestBody"]["content"].items():
            for name, example in media["examples"].items():
                yield kind, name, example["value"]

    def open(self, path: str) -> tuple[str, str]:
        """Create what the first example says; return its id and entity tag."""
        answer = self.send("post", path, next(self.examples(path, "post"))[2])
        assert answer.status_code == 201, answer.content
        return answer.json()["id"], answer["ETag"]


@pytest.fixture
def described(
    face: str, ticket_admin: Api, controller: ConfigurationItem, service: ConfigurationItem
) -> Described:
    # Tests ask faster than a client may.
    SystemProperty.objects.filter(name=REQUESTS_PER_MINUTE.name).update(value="0")
    return Described(face, ticket_admin.client)


def paths(described: Described) -> list[str]:
    return [path for path in described.whole["paths"] if "{" not in path]


@each_face
def test_every_example_of_a_new_resource_is_taken(described: Described, face: str) -> None:
    for path in paths(described):
        for _, name, body in described.examples(path, "post"):
            answer = described.send("post", path, body)
            assert answer.status_code == 201, (name, answer.content)
            again = described.send("get", f"{path}/{{id}}", id=answer.json()["id"])
            assert again.json() == answer.json()


@each_face
def test_every_example_of_a_patch_is_taken(described: Described, face: str) -> None:
    for path in paths(described):
        assert {kind for kind, _, _ in described.examples(f"{path}/{{id}}", "patch")} == (
            set(FACES[face].patches)
        )
        for kind, name, body in described.examples(f"{path}/{{id}}", "patch"):
            key, tag = described.open(path)
            answer = described.send(
                "patch",
                f"{path}/{{id}}",
                body,
                id=key,
                content_type=kind,
                headers={"If-Match": tag},
            )
            assert answer.status_code == 200, (kind, name, answer.content)
            assert answer["ETag"] != tag
            _free(described, path, key)


def _free(described: Described, path: str, key: str) -> None:
    """Give back the external id, which one open ticket alone may have."""
    if "delete" in described.whole["paths"][f"{path}/{{id}}"]:
        assert described.send("delete", f"{path}/{{id}}", id=key).status_code == 204


@each_face
def test_every_parameter_of_a_list_is_known(described: Described, face: str) -> None:
    values = {"limit": "1", "offset": "0", "status": "acknowledged", "id": "x", "severity": "1"}
    moment = "2024-02-24T08:32:52Z"
    for path in paths(described):
        described.open(path)
        for parameter in described.whole["paths"][path]["get"]["parameters"]:
            name, schema = parameter["name"], parameter["schema"]
            value = values.get(name) or (moment if schema.get("format") == "date-time" else "")
            value = (
                value
                or (schema.get("examples") or ["incident" if schema.get("minLength") else ""])[0]
            )
            answer = described.send("get", path, query={name: value})
            assert answer.status_code in (200, 206), (name, answer.content)


@pytest.mark.parametrize("face", ["v4", "v5"])
def test_the_attributes_one_may_sort_by_are_all_told(described: Described, face: str) -> None:
    for path in paths(described):
        parameters = described.whole["paths"][path]["get"]["parameters"]
        (words,) = [p["description"] for p in parameters if p["name"] == "sort"]
        told = {name for name in words.split("`")[1::2] if name != "-"}
        refusal = described.send("get", path, query={"sort": "odd"}).json()["message"]
        listed = refusal.partition("sort by ")[2].partition(";")[0]
        assert told == set(listed.split(", "))


@each_face
def test_what_a_client_has_is_not_told_again(described: Described, face: str) -> None:
    for path in paths(described):
        key, tag = described.open(path)
        headers = {"If-None-Match": tag}
        assert described.send("get", f"{path}/{{id}}", id=key, headers=headers).status_code == 304


@each_face
def test_a_key_makes_a_request_count_once(described: Described, face: str) -> None:
    for path in paths(described):
        body = next(described.examples(path, "post"))[2]
        first, again = (
            described.send("post", path, body, headers={"Idempotency-Key": path}) for _ in "12"
        )
        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first


@each_face
def test_failures_have_the_codes_that_are_told(described: Described, face: str) -> None:
    (path, *_) = paths(described)
    key, _ = described.open(path)
    one = f"{path}/{{id}}"
    odd = {"If-Match": '"odd"'}
    failed = [
        described.send("post", path, {"description": "x"}),
        described.send("get", one, id="nobody"),
        described.send("patch", one, {"status": "closed"}, id=key),
        described.send("patch", one, {"severity": "2"}, id=key, headers=odd),
        described.send("post", path, {}, content_type="text/plain"),
    ]
    assert [answer.status_code for answer in failed] == [400, 404, 409, 412, 415]
    for answer in failed[1:]:
        code, reason, *_ = ERRORS[answer.status_code]
        told = answer.json()
        assert (told["code"], told["reason"]) == (code, reason)
    message = failed[3].json()["message"]
    assert message == ERRORS[412][2]
    assert failed[3].json() == error_body(
        code="26", reason="Precondition failed", message=message, status=412
    )


@each_face
def test_a_second_open_ticket_of_an_external_id_is_refused_with_the_first_ones_address(
    described: Described, face: str
) -> None:
    (path, *_) = paths(described)
    body = next(described.examples(path, "post"))[2]
    if face == "servicenow":
        body = {**body, "externalId": "ALM-1"}
    first, second = (described.send("post", path, body) for _ in "12")
    assert (first.status_code, second.status_code) == (201, 409)
    assert second["Location"] == first["Location"]
    assert second.json()["code"] == "71"


def test_servicenows_answers_have_fourteen_attributes_and_no_other(
    ticket_admin: Api, controller: ConfigurationItem
) -> None:
    described = Described("servicenow", ticket_admin.client)
    (path,) = paths(described)
    key, _ = described.open(path)
    told = described.send("get", f"{path}/{{id}}", id=key).json()
    schema = described.whole["components"]["schemas"]["TroubleTicket"]
    assert set(told) == set(schema["properties"])
    assert len(told) == 14
    assert schema["additionalProperties"] is False
