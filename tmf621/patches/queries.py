"""Turn operations whose path picks array elements by a query into plain JSON patch (TMF630)."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from tmf621.refusals import BadDocument, BadMember

MAX_CONDITIONS = 10
MAX_MATCHES = 100


class Target(NamedTuple):
    """A place in the document: its plain pointer, and what is there now."""

    pointer: str
    value: Any


def plain_operations(document: Any, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what one operation of a JSON Patch Query means for the document as it is now.

    `/note?id=77456` stands for the elements of `note` whose id is 77456, `/note?id=77456/text`
    for a member of theirs; conditions are joined by "&", their names may be dotted paths and
    their values are percent-decoded. Errors: `BadMember` where nothing matches, `BadDocument`
    for a query that cannot be read.
    """
    plain, path = dict(operation), operation["path"]
    if operation["op"] in ("move", "copy"):
        return [plain | {m: _only_target(document, plain[m]) for m in ("from", "path")}]
    if "?" not in path:
        return [plain]
    targets = _targets(document, path)
    if operation["op"] in ("add", "replace") and "?" in path.rpartition("/")[2]:
        return [_replacement(operation["value"], target) for target in targets]
    # From the end, so that removing one element does not shift the next.
    return [{**plain, "path": target.pointer} for target in reversed(targets)]


def _replacement(value: Any, target: Target) -> dict[str, Any]:
    """Return an operation that sets the value's members and keeps what it leaves out.

    The published examples replace an element by naming only the members that change.
    """
    if isinstance(value, dict) and isinstance(target.value, dict):
        value = {**target.value, **value}
    return {"op": "replace", "path": target.pointer, "value": value}


def _only_target(document: Any, path: str) -> str:
    if "?" not in path:
        return path
    targets = _targets(document, path)
    if len(targets) != 1:
        raise BadMember(f"{path[:120]} must match exactly one element; it matches {len(targets)}.")
    return targets[0].pointer


def _targets(document: Any, path: str) -> list[Target]:
    """Return every place a path with queries leads to, in the document's order."""
    if not path.startswith("/"):
        raise BadDocument('a path starts with "/".')
    found = [Target("", document)]
    for segment in path[1:].split("/"):
        name, asks, query = segment.partition("?")
        found = [target for place in found for target in _step(place, name)]
        if asks:
            found = [element for place in found for element in _matching(place, name, query)]
            if not found:
                raise BadMember(f"nothing matches {segment[:120]!r}.")
        if len(found) > MAX_MATCHES:
            raise BadDocument(f"a path matches at most {MAX_MATCHES} elements.")
    return found


def _step(place: Target, name: str) -> list[Target]:
    """Return the place below, which need not exist: the operation says so better."""
    pointer = f"{place.pointer}/{name}"
    plain = name.replace("~1", "/").replace("~0", "~")
    if isinstance(place.value, dict):
        return [Target(pointer, place.value.get(plain))]
    if isinstance(place.value, list) and plain.isascii() and plain.isdigit() and len(plain) < 5:
        elements = place.value[int(plain) : int(plain) + 1]
        return [Target(pointer, element) for element in elements] or [Target(pointer, None)]
    return [Target(pointer, None)]


def _matching(place: Target, name: str, query: str) -> Iterator[Target]:
    if not isinstance(place.value, list):
        raise BadMember(f"{place.pointer} is no array, so nothing can be picked from it.")
    conditions = [_condition(part, name) for part in query.split("&")]
    if len(conditions) > MAX_CONDITIONS:
        raise BadDocument(f"a query has at most {MAX_CONDITIONS} conditions.")
    for index, element in enumerate(place.value):
        if all(wanted in _texts(element, names) for names, wanted in conditions):
            yield Target(f"{place.pointer}/{index}", element)


def _condition(text: str, array: str) -> tuple[list[str], str]:
    """Return the names that lead to a member, and the text it must have."""
    key, equals, value = text.partition("=")
    names = unquote(key).split(".")
    if not equals or not all(names):
        raise BadDocument(f"{text[:80]!r} is no condition; write name=value.")
    # TMF630 also writes the array's own name in front: /note?note.id=77456.
    return (names[1:] if len(names) > 1 and names[0] == array else names), unquote(value)


def _texts(value: Any, names: list[str]) -> Iterator[str]:
    """Yield what a dotted path finds, as texts; arrays on the way offer all their elements."""
    if isinstance(value, list):
        for element in value:
            yield from _texts(element, names)
    elif names:
        if isinstance(value, dict) and names[0] in value:
            yield from _texts(value[names[0]], names[1:])
    elif not isinstance(value, dict):
        yield value if isinstance(value, str) else json.dumps(value)
