"""Request bodies with examples that run."""

from typing import Any

from tmf621.description.subjects import (
    JSON,
    JSON_PATCH,
    MERGE,
    PATCH_QUERY,
    Offered,
    Subject,
)
from tmf621.samples import KINDS, sample

Body = dict[str, Any]
_NOTE = {"v4": {"text": "Severity lowered."}, "v5": {"@type": "Note", "text": "Severity lowered."}}
_STATUS = {"v4": "inProgress", "v5": "inProgress", "servicenow": "In Progress"}
SPECIFICATION = {
    "@type": "TroubleTicketSpecification",
    "name": "Network fault",
    "description": "What a fault-management system reports about a network element.",
    "version": "1.0",
    "lifecycleStatus": "active",
}


def create_body(subject: Subject, offered: Offered) -> Body:
    """Return what a POST takes."""
    if offered.is_ticket:
        examples = {
            kind: {"summary": words, "value": sample(subject.name, kind)}
            for kind, words in KINDS.items()
        }
    else:
        examples = {"specification": {"value": SPECIFICATION}}
    return _required({JSON: _media(offered.create, examples)})


def patch_body(subject: Subject, offered: Offered) -> Body:
    """Return what a PATCH takes, by media type."""
    merge = {"change": {"value": _merge(subject, offered)}}
    content = {}
    for media_type in offered.patches:
        if media_type in (JSON, MERGE):
            content[media_type] = _media(offered.update, merge)
        else:
            operations = {"change": {"value": _operations(media_type, subject, offered)}}
            content[media_type] = _media("JsonPatchOperations", operations)
    return _required(content)


def _merge(subject: Subject, offered: Offered) -> Any:
    typed = {"@type": offered.noun} if subject.name == "v5" else {}
    if not offered.is_ticket:
        return {**typed, "lifecycleStatus": "retired"}
    if subject.name == "servicenow":
        return {"status": _STATUS[subject.name]}
    reason = "L1 investigation started"
    return {**typed, "status": _STATUS[subject.name], "statusChangeReason": reason}


def _operations(media_type: str, subject: Subject, offered: Offered) -> Any:
    if not offered.is_ticket:
        return [{"op": "replace", "path": "/lifecycleStatus", "value": "retired"}]
    if media_type == PATCH_QUERY:
        return _by_query(subject)
    assert media_type == JSON_PATCH
    return [
        {"op": "test", "path": "/status", "value": "acknowledged"},
        {"op": "replace", "path": "/severity", "value": "Major"},
        {"op": "add", "path": "/note/-", "value": _NOTE[subject.name]},
    ]


def _by_query(subject: Subject) -> Any:
    if subject.name == "v5":
        path = "/troubleTicketCharacteristic?name=subCategory"
        return [{"op": "replace", "path": path, "value": {"value": "Device Failure"}}]
    item = {"id": "b1a7c0de-0002", "role": "affectedCI", "@referredType": "SdWanController"}
    return [{"op": "replace", "path": "/relatedEntity?role=affectedCI", "value": item}]


def _media(schema: str, examples: dict[str, Any]) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}, "examples": examples}


def _required(content: dict[str, Any]) -> Body:
    return {"required": True, "content": content}
