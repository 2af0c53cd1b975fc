"""Apply the patch formats of TMF630 to a document; knows neither Django nor tickets.

Every format ends in the same `changes`, so that the edge reads only one kind of patch.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from jsonpatch import JsonPatch, JsonPatchException, JsonPatchPathNotFound, JsonPatchTestFailed
from jsonpointer import JsonPointerException

from tmf621.patches.queries import plain_operations
from tmf621.patches.sizes import check_growth, size_of
from tmf621.refusals import BadDocument, BadMember, FailedTest, Refusal

Document = dict[str, Any]
Operation = dict[str, Any]
Translate = Callable[[Document, Operation], list[Operation]]

MERGE, JSON_PATCH, JSON_PATCH_QUERY = "merge", "json-patch", "json-patch-query"
MAX_OPERATIONS = 100
MAX_POINTER = 8
_MEMBERS = {
    "add": ("value",),
    "replace": ("value",),
    "test": ("value",),
    "remove": (),
    "move": ("from",),
    "copy": ("from",),
}


def apply(kind: str, document: Document, body: Any) -> Document:
    """Return the patched document; the given one stays as it is, whatever happens.

    `kind` is one of MERGE (RFC 7396), JSON_PATCH (RFC 6902) and JSON_PATCH_QUERY (TMF630 part 5).
    Errors: `BadDocument` for a body of the wrong shape or one that makes the document too large,
    `BadMember` for a path that leads nowhere, `FailedTest` where a `test` does not hold.
    """
    if kind == MERGE:
        if not isinstance(body, dict):
            raise BadDocument("A merge patch must be a JSON object.")
        patched: Document = merge(deepcopy(document), body)
    else:
        patched = _apply_all(document, body, _TRANSLATIONS[kind])
    check_growth(size_of(document), patched)
    return patched


def merge(target: Any, patch: Any) -> Any:
    """Return the target after a merge patch: null removes, arrays are replaced whole (RFC 7396)."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def changes(before: Document, after: Document) -> Document:
    """Return the top-level members that differ, whole; None for those that are gone."""
    gone = {name: None for name in before if name not in after}
    return gone | {
        name: value
        for name, value in after.items()
        if name not in before or not same(before[name], value)
    }


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; unlike Python's, true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _apply_all(document: Document, body: Any, translate: Translate) -> Document:
    if not isinstance(body, list):
        raise BadDocument("A JSON patch must be an array of operations.")
    if len(body) > MAX_OPERATIONS:
        raise BadDocument(f"A patch holds at most {MAX_OPERATIONS} operations.")
    patched, limits = deepcopy(document), size_of(document)
    for index, operation in enumerate(body):
        where = _check_shape(index, operation)
        try:
            for plain in translate(patched, operation):
                patched = _apply_one(patched, plain)
                if plain["op"] not in ("test", "remove"):
                    check_growth(limits, patched)
        except Refusal as refusal:
            raise type(refusal)(f"{where}: {refusal.message}") from refusal
    return patched


def _check_shape(index: int, operation: Any) -> str:
    """Return how messages name the operation."""
    if not isinstance(operation, dict):
        raise BadDocument(f"Operation {index}: this must be an object.")
    verb, path = operation.get("op"), operation.get("path")
    if not isinstance(verb, str) or verb not in _MEMBERS:
        raise BadDocument(f"Operation {index}: op must be one of {', '.join(_MEMBERS)}.")
    if not isinstance(path, str):
        raise BadDocument(f"Operation {index} ({verb}): path must be a text.")
    where = f"Operation {index} ({verb} {path[:120]})"
    for member in _MEMBERS[verb]:
        if member not in operation:
            raise BadDocument(f"{where}: the member {member!r} is required.")
    if "from" in _MEMBERS[verb] and not isinstance(operation["from"], str):
        raise BadDocument(f"{where}: from must be a text.")
    for pointer in (path, operation["from"] if verb in ("move", "copy") else ""):
        if pointer.count("/") > MAX_POINTER:
            raise BadDocument(f"{where}: a path has at most {MAX_POINTER} segments.")
    return where


def _apply_one(document: Document, operation: Operation) -> Document:
    try:
        # One at a time and in place: the caller owns the copy, and throws it away on errors.
        patched = JsonPatch([operation]).apply(document, in_place=True)
    except JsonPatchTestFailed as error:
        raise FailedTest("the document holds something else there.") from error
    except JsonPatchPathNotFound as error:
        raise BadMember("there is nothing at this path.") from error
    except (JsonPatchException, JsonPointerException, LookupError, TypeError, ValueError) as error:
        raise BadMember(_reason(error)) from error
    if not isinstance(patched, dict):
        raise BadDocument("the document must stay an object.")
    return patched


def _reason(error: Exception) -> str:
    # The library quotes the whole document; whoever sent the patch has it already.
    said = str(error)
    if " not found in " in said:
        return "there is nothing at this path."
    return f"{said[:200].rstrip('.')}."


def _plain(document: Document, operation: Operation) -> list[Operation]:
    return [_appended(document, operation)]


def _queried(document: Document, operation: Operation) -> list[Operation]:
    return [_appended(document, plain) for plain in plain_operations(document, operation)]


def _appended(document: Document, operation: Operation) -> Operation:
    """Return an `add` of an object onto an array as an append: TM Forum's own example does so."""
    if operation["op"] != "add" or not isinstance(operation.get("value"), dict):
        return operation
    name = operation["path"][1:].replace("~1", "/").replace("~0", "~")
    if "/" in operation["path"][1:] or not isinstance(document.get(name), list):
        return operation
    return {**operation, "path": f"{operation['path']}/-"}


_TRANSLATIONS: dict[str, Translate] = {JSON_PATCH: _plain, JSON_PATCH_QUERY: _queried}
