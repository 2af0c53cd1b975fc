"""The operations of a face: what one sends, what comes back."""

from typing import Any

from tmf621.description.answers import answer, error_references
from tmf621.description.bodies import create_body, patch_body
from tmf621.description.parameters import (
    ID,
    IF_MATCH,
    IF_NONE_MATCH,
    KEY,
    fields,
    list_parameters,
)
from tmf621.description.subjects import Offered, Subject
from tmf621.description.words import (
    about_changing,
    about_creating,
    about_listing,
)
from tmf621.samples import sample

Operation = dict[str, Any]
COUNTS = ("X-Total-Count", "X-Result-Count", "Link")
# What every operation may meet, whatever is asked.
ALWAYS = (401, 403, 405, 429, 500, 503)
IN_NO_CONDITION = (404, 409, 412)
BODIES = (413, 415)


def paths(subject: Subject) -> dict[str, Any]:
    """Return the addresses of a face with their operations."""
    found = {}
    for offered in subject.resources:
        found[offered.path] = {
            "get": _list(subject, offered),
            "post": _create(subject, offered),
        }
        found[f"{offered.path}/{{id}}"] = _one(subject, offered)
    return found


def _one(subject: Subject, offered: Offered) -> dict[str, Any]:
    operations = {
        "parameters": [ID],
        "get": _retrieve(subject, offered),
        "patch": _patch(subject, offered),
    }
    if offered.deletion:
        operations["delete"] = _delete(offered)
    return operations


def _operation(verb: str, offered: Offered, summary: str, words: str, scope: str) -> Operation:
    return {
        "operationId": f"{verb}{offered.noun}",
        "tags": [offered.noun],
        "summary": summary,
        "description": words,
        "security": [{"bearer": []}, {"basic": []}, {"oauth": [scope]}],
    }


def _list(subject: Subject, offered: Offered) -> Operation:
    words = about_listing(subject, offered)
    schema = {"type": "array", "items": _schema(offered)}
    ok = answer("All that match, or the first page of them.", schema, *COUNTS)
    part = answer("The asked part of what matches.", schema, *COUNTS, "Content-Range")
    return {
        **_operation("list", offered, f"List or find {offered.words}s", words, offered.scopes.read),
        "parameters": list_parameters(subject, offered),
        "responses": {"200": ok, "206": part, **error_references(400, *ALWAYS)},
    }


def _create(subject: Subject, offered: Offered) -> Operation:
    words, example = about_creating(subject, offered), _example(subject, offered)
    schema, sent = _schema(offered), ("Location", "ETag", "Idempotent-Replayed")
    answers = {"201": answer("It is created.", schema, *sent, example=example)}
    if offered.is_ticket:
        answers["200"] = answer("The ticket that is there already.", schema, *sent)
    failures = error_references(400, 409, *BODIES, *ALWAYS)
    return {
        **_operation("create", offered, f"Create a {offered.words}", words, offered.scopes.write),
        "parameters": [fields(subject), KEY],
        "requestBody": create_body(subject, offered),
        "responses": {**dict(sorted(answers.items())), **failures},
    }


def _retrieve(subject: Subject, offered: Offered) -> Operation:
    ok = answer("It is here.", _schema(offered), "ETag", example=_example(subject, offered))
    same = answer("It still has the `ETag` you know.", None, "ETag")
    failures = error_references(400, 404, *ALWAYS)
    return {
        **_operation("retrieve", offered, f"Read a {offered.words}", "", offered.scopes.read),
        "parameters": [fields(subject), IF_NONE_MATCH],
        "responses": {"200": ok, "304": same, **failures},
    }


def _patch(subject: Subject, offered: Offered) -> Operation:
    words, schema = about_changing(subject, offered), _schema(offered)
    failures = error_references(400, *IN_NO_CONDITION, *BODIES, *ALWAYS)
    changed = answer("It is changed.", schema, "ETag", "Idempotent-Replayed")
    return {
        **_operation("patch", offered, f"Change a {offered.words}", words, offered.scopes.write),
        "parameters": [fields(subject), IF_MATCH, KEY],
        "requestBody": patch_body(subject, offered),
        "responses": {"200": changed, **failures},
    }


def _delete(offered: Offered) -> Operation:
    failures = error_references(400, *IN_NO_CONDITION, *ALWAYS)
    return {
        **_operation(
            "delete",
            offered,
            f"Delete a {offered.words}",
            offered.deletion,
            offered.scopes.delete,
        ),
        "parameters": [IF_MATCH],
        "responses": {"204": answer("It is gone.", None), **failures},
    }


def _schema(offered: Offered) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{offered.read}"}


def _example(subject: Subject, offered: Offered) -> Any | None:
    return sample(subject.name, "answer") if offered.is_ticket else None
