"""The operations of a face: what one sends, what comes back."""

from typing import Any

from tmf621.description.answers import answer, error_references
from tmf621.description.bodies import create_body, patch_body
from tmf621.description.parameters import (
    FIELDS,
    ID,
    IF_MATCH,
    IF_NONE_MATCH,
    KEY,
    list_parameters,
)
from tmf621.description.subjects import Offered, Subject
from tmf621.samples import sample

Operation = dict[str, Any]
COUNTS = ("X-Total-Count", "X-Result-Count", "Link")
FILTERS = """
Every attribute filters, also inside objects and arrays: `status=acknowledged,held` takes either,
`relatedEntity.id=b1a7c0de-0001` looks into the array, and several filters must all hold.
Ends of names compare: `creationDate.gte=2024-02-24T00:00:00Z`, also `.gt`, `.lt`, `.lte`, `.eq` and
`.regex`. What starts with a sign compares too: `creationDate>2024-02-24T00:00:00Z`. An unknown
attribute is a 400. Pages follow each other by `Link`, which names cursors (`after`, `before`) that
stay true while tickets come and go; `offset` counts."""
FEW_FILTERS = """
Filters are `id`, `severity`, `status` and `ticketType`; several must all hold. Labels and values
of states and priorities are understood."""
CREATES = """
The ticket becomes an incident, or a case where its `ticketType` is `Case`. What psew does not
recognise refuses nothing: it is echoed, and a note on the record says what was not found. A status
psew does not know starts as acknowledged. A repeat of the client's external id is answered by 409
with the address of the first ticket in `Location`, or, where the site is set so, by 200 with it."""
CHANGES = """
`application/json` and `application/merge-patch+json` merge (RFC 7396): what is named is replaced,
`null` removes, notes are only ever added. `application/json-patch+json` is RFC 6902, carried out
whole or not at all. `application/json-patch-query+json` picks elements of arrays by their
attributes. What the system sets may be repeated, not changed."""
FEW_CHANGES = """
What is named is replaced; notes are only ever added."""


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
    if offered.deleted_by:
        operations["delete"] = _delete(offered)
    return operations


def _operation(verb: str, offered: Offered, summary: str, words: str, scope: str) -> Operation:
    return {
        "operationId": f"{verb}{offered.noun}",
        "tags": [offered.noun],
        "summary": summary,
        "description": words.strip(),
        "security": [{"bearer": []}, {"basic": []}, {"oauth": [scope]}],
    }


def _list(subject: Subject, offered: Offered) -> Operation:
    words = FILTERS if subject.rich else FEW_FILTERS
    schema = {"type": "array", "items": _schema(offered)}
    ok = answer("All that match, or the first page of them.", schema, *COUNTS, "ETag")
    part = answer("The asked part of what matches.", schema, *COUNTS, "Content-Range", "ETag")
    return {
        **_operation("list", offered, f"List or find {offered.words}s", words, offered.scopes.read),
        "parameters": list_parameters(subject, offered),
        "responses": {"200": ok, "206": part, **error_references(400, 401, 403, 405, 429, 500)},
    }


def _create(subject: Subject, offered: Offered) -> Operation:
    words, example = (CREATES if offered.is_ticket else ""), _example(subject, offered)
    schema, sent = _schema(offered), ("Location", "ETag")
    answers = {"201": answer("It is created.", schema, *sent, example=example)}
    if offered.is_ticket:
        answers["200"] = answer("The ticket that is there already.", schema, *sent)
    failures = error_references(400, 401, 403, 405, 409, 413, 415, 429, 500)
    return {
        **_operation("create", offered, f"Create a {offered.words}", words, offered.scopes.write),
        "parameters": [FIELDS, KEY] if subject.rich else [KEY],
        "requestBody": create_body(subject, offered),
        "responses": {**dict(sorted(answers.items())), **failures},
    }


def _retrieve(subject: Subject, offered: Offered) -> Operation:
    ok = answer("It is here.", _schema(offered), "ETag", example=_example(subject, offered))
    same = answer("It still has the `ETag` you know.", None, "ETag")
    failures = error_references(400, 401, 403, 404, 405, 429, 500)
    return {
        **_operation("retrieve", offered, f"Read a {offered.words}", "", offered.scopes.read),
        "parameters": [FIELDS, IF_NONE_MATCH],
        "responses": {"200": ok, "304": same, **failures},
    }


def _patch(subject: Subject, offered: Offered) -> Operation:
    words = CHANGES if len(offered.patches) > 1 else FEW_CHANGES
    failures = error_references(400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500)
    return {
        **_operation("patch", offered, f"Change a {offered.words}", words, offered.scopes.write),
        "parameters": [IF_MATCH],
        "requestBody": patch_body(subject, offered),
        "responses": {"200": answer("It is changed.", _schema(offered), "ETag"), **failures},
    }


def _delete(offered: Offered) -> Operation:
    failures = error_references(401, 403, 404, 405, 409, 412, 429, 500)
    return {
        **_operation(
            "delete",
            offered,
            f"Delete a {offered.words}",
            offered.deleted_by,
            offered.scopes.delete,
        ),
        "parameters": [IF_MATCH],
        "responses": {"204": answer("It is gone.", None), **failures},
    }


def _schema(offered: Offered) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{offered.read}"}


def _example(subject: Subject, offered: Offered) -> Any | None:
    return sample(subject.name, "answer") if offered.is_ticket else None
