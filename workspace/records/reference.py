"""The reference of a face of the ticket API, read off its description for people."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tmf621.description import describe
from workspace.parts import Tone

Node = dict[str, Any]
TONES: dict[str, Tone] = {"get": "p4", "post": "ok", "patch": "p3", "delete": "p1"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a value: words, and the schema they lead to."""

    words: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, a header or an attribute."""

    name: str
    kind: Kind
    words: str
    where: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """A body in one media type."""

    media_type: str
    kind: Kind
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an operation."""

    status: str
    words: str
    headers: list[str]
    content: Content | None

    @property
    def is_error(self) -> bool:
        return self.status >= "400"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do at one address."""

    key: str
    verb: str
    tone: Tone
    path: str
    summary: str
    words: str
    scope: str
    parts: list[Part]
    contents: list[Content]
    replies: list[Reply]


@dataclass(frozen=True, slots=True)
class Schema:
    """A type with its attributes; `variants` are other schemas one of which it is."""

    name: str
    words: str
    parts: list[Part]
    variants: list[str]
    main: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything the page of a face shows."""

    title: str
    version: str
    summary: str
    server: str
    token_url: str
    scopes: dict[str, str]
    operations: list[Operation]
    errors: list[Reply]
    headers: list[Part]
    schemas: list[Schema]


@lru_cache(maxsize=8)
def reference_of(face: str, base_url: str) -> Reference:
    """Return a face's reference; it changes with the program only."""
    whole = describe(face, base_url)
    shared = whole["components"]
    flow = shared["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    operations = _operations(whole)
    return Reference(
        title=whole["info"]["title"],
        version=whole["info"]["version"],
        summary=whole["info"]["description"],
        server=whole["servers"][0]["url"],
        token_url=flow["tokenUrl"],
        scopes=flow["scopes"],
        operations=operations,
        errors=[_reply(key[len("Error") :], node) for key, node in shared["responses"].items()],
        headers=[_part(name, node) for name, node in shared["headers"].items()],
        schemas=_schemas(shared["schemas"], _used_by(operations)),
    )


def _operations(whole: Node) -> list[Operation]:
    base = whole["servers"][0]["url"]
    return [
        _operation(whole, base, path, verb, node, item.get("parameters", []))
        for path, item in whole["paths"].items()
        for verb, node in item.items()
        if verb != "parameters"
    ]


def _operation(
    whole: Node, base: str, path: str, verb: str, node: Node, common: list[Node]
) -> Operation:
    answers = whole["components"]["responses"]
    body = node.get("requestBody", {}).get("content", {})
    return Operation(
        key=node["operationId"],
        verb=verb.upper(),
        tone=TONES[verb],
        path="/" + base.split("/", 3)[3] + path,
        summary=node["summary"],
        words=node["description"],
        scope=next(way["oauth"][0] for way in node["security"] if "oauth" in way),
        parts=[_part(p["name"], p, p["in"], p.get("required", False)) for p in _all(node, common)],
        contents=[_content(media_type, media) for media_type, media in body.items()],
        replies=[
            _reply(status, answers[a["$ref"].rsplit("/", 1)[1]] if "$ref" in a else a)
            for status, a in node["responses"].items()
        ],
    )


def _all(node: Node, common: list[Node]) -> list[Node]:
    return [*common, *node.get("parameters", [])]


def _part(name: str, node: Node, where: str = "", required: bool = False) -> Part:
    return Part(name, _kind(node["schema"]), node.get("description", ""), where, required)


def _reply(status: str, node: Node) -> Reply:
    content = next(
        (_content(media_type, media) for media_type, media in node.get("content", {}).items()), None
    )
    return Reply(status, node["description"], list(node.get("headers", {})), content)


def _content(media_type: str, media: Node) -> Content:
    examples = [
        Example(told.get("summary", ""), json.dumps(told["value"], indent=2, ensure_ascii=False))
        for told in media.get("examples", {}).values()
    ]
    return Content(media_type, _kind(media["schema"]), examples)


def _kind(schema: Node) -> Kind:
    if "$ref" in schema:
        name = _named(schema)
        return Kind(name, name)
    if schema.get("type") == "array":
        inner = _kind(schema.get("items", {}))
        return Kind(f"array of {inner.words}", inner.schema)
    if "enum" in schema:
        words = ", ".join(map(str, schema["enum"]))
        return Kind(f"one of {words}" if len(schema["enum"]) > 1 else words)
    words = str(schema.get("format") or schema.get("type") or "any value")
    longest = schema.get("maxLength")
    return Kind(f"{words}, at most {longest} characters" if longest else words)


def _named(schema: Node) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[1]


def _used_by(operations: list[Operation]) -> set[str]:
    contents = [content for each in operations for content in each.contents]
    contents += [r.content for each in operations for r in each.replies if r.content]
    return {content.kind.schema for content in contents}


def _schemas(found: dict[str, Node], main: set[str]) -> list[Schema]:
    told = [_schema(name, node, found, main=name in main) for name, node in found.items()]
    return sorted(told, key=lambda schema: (not schema.main, schema.name))


def _schema(name: str, node: Node, found: dict[str, Node], *, main: bool) -> Schema:
    properties, required, variants = _flat(node, found)
    parts = [
        Part(key, _kind(value), value.get("description", ""), required=key in required)
        for key, value in properties.items()
    ]
    words = node.get("description") or next(
        (p["description"] for p in node.get("allOf", []) if "description" in p), ""
    )
    return Schema(name, words or _kind(node).words, parts, variants, main)


def _flat(node: Node, found: dict[str, Node]) -> tuple[dict[str, Node], set[str], list[str]]:
    """Return a schema's attributes with those of all it is made of, and what it may be."""
    properties: dict[str, Node] = {}
    required, variants = set[str](), list[str]()
    for part in node.get("allOf", []):
        if "if" in part:
            variants.append(_named(part["then"]))
            continue
        inner = _flat(found[_named(part)] if "$ref" in part else part, found)
        properties |= inner[0]
        required |= inner[1]
        variants += inner[2]
    if node.get("type") == "array":
        return _flat(node["items"], found)
    properties |= node.get("properties", {})
    return properties, required | set(node.get("required", [])), variants
