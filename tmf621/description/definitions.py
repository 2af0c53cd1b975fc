"""The schemas of a face: the published ones with what psew adds and asks for beyond them."""

import re
from copy import deepcopy
from functools import cache
from typing import Any

from tmf621.description.subjects import JSON_PATCH, SUBJECTS, Subject
from tmf621.schemas import published_schema
from tmf621.shapes import LONGEST, MAX_ITEMS
from tmf621.specifications import LONGEST_NAME

Schema = dict[str, Any]
_REFERENCE = re.compile(r"#/\$defs/(.+)")
_NOTES = {"v4": "Note", "v5": "Note_FVO"}
_OWN = {
    "category": "Category by label or value; psew's own addition.",
    "subCategory": "Sub category by label or value; psew's own addition.",
}
_TOLD = {
    "number": "Number of the record in the workspace; psew's own addition.",
    "stage": "Stage of the escalation; psew's own addition.",
}
_OPERATIONS: Schema = {
    "description": "A JSON Patch (RFC 6902).",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
            "path": {"type": "string", "description": "A JSON pointer."},
            "value": {"description": "The value the operation takes."},
            "from": {"type": "string", "description": "A JSON pointer."},
        },
    },
}


@cache
def definitions(face: str) -> dict[str, Schema]:
    """Return name → schema of what a face's operations use, by `#/$defs/`; do not change it."""
    subject = SUBJECTS[face]
    found: dict[str, Schema] = deepcopy(published_schema(face)["$defs"])
    found.setdefault("JsonPatchOperations", _OPERATIONS)
    if face in _NOTES:
        _ask_for_text(found[_NOTES[face]])
        _limit(found[subject.resources[0].create])
        _limit(found[subject.resources[0].update])
    if face == "v4":
        _add_own(subject, found, told={**_OWN, **_TOLD}, sent=_OWN)
    if face == "v5":
        # Categories travel as characteristics there.
        _add_own(subject, found, told=_TOLD, sent={})
        _limit_name(found[subject.resources[1].create])
        _limit_name(found[subject.resources[1].update])
    return _reached(found, _roots(subject))


def create_schema(face: str) -> Schema:
    """Return the schema a new ticket is held against, complete in itself."""
    name = SUBJECTS[face].resources[0].create
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$ref": f"#/$defs/{name}", "$defs": definitions(face)}


def components(face: str) -> dict[str, Schema]:
    """Return the definitions as the `components` of a description hold them."""
    moved: dict[str, Schema] = _moved(definitions(face))
    return moved


def _roots(subject: Subject) -> set[str]:
    roots = {"Error"}
    for offered in subject.resources:
        roots |= {offered.read, offered.create, offered.update}
        if JSON_PATCH in offered.patches:
            roots.add("JsonPatchOperations")
    return roots


def _own_part(schema: Schema) -> Schema:
    """Return the part that holds the properties: the schema itself or the last it is made of."""
    part: Schema = schema["allOf"][-1] if "allOf" in schema else schema
    return part


def _ask_for_text(note: Schema) -> None:
    part = _own_part(note)
    part["required"] = sorted({*part.get("required", []), "text"})
    part["properties"]["text"]["minLength"] = 1


def _limit(ticket: Schema) -> None:
    for name, value in _own_part(ticket)["properties"].items():
        if name in LONGEST:
            value["maxLength"] = LONGEST[name]
        if value.get("type") == "array":
            value["maxItems"] = MAX_ITEMS


def _limit_name(specification: Schema) -> None:
    name = _own_part(specification)["properties"]["name"]
    name.update(minLength=1, maxLength=LONGEST_NAME)


def _add_own(
    subject: Subject, found: dict[str, Schema], *, told: dict[str, str], sent: dict[str, str]
) -> None:
    tickets = subject.resources[0]
    for name, added in ((tickets.read, told), (tickets.create, sent), (tickets.update, sent)):
        properties = _own_part(found[name])["properties"]
        for attribute, words in added.items():
            properties[attribute] = {"type": "string", "description": words}


def _reached(found: dict[str, Schema], roots: set[str]) -> dict[str, Schema]:
    todo, seen = sorted(roots), set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(_references(found[name]))
    return {name: found[name] for name in sorted(seen)}


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {name for item in node for name in _references(item)}
    if not isinstance(node, dict):
        return set()
    names = {name for value in node.values() for name in _references(value)}
    if isinstance(node.get("$ref"), str) and (match := _REFERENCE.fullmatch(node["$ref"])):
        names.add(match[1])
    return names


def _moved(node: Any) -> Any:
    if isinstance(node, list):
        return [_moved(item) for item in node]
    if isinstance(node, dict):
        return {key: _moved(value) for key, value in node.items()}
    return _REFERENCE.sub(r"#/components/schemas/\1", node) if isinstance(node, str) else node
