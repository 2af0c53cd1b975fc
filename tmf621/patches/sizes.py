"""Keep a patch from growing a document without bounds: few `copy` operations double it often."""

from typing import Any, NamedTuple

from tmf621.refusals import BadDocument


class Size(NamedTuple):
    """How large a JSON document is."""

    widest: int
    depth: int
    values: int
    characters: int


# The bounds of a body (R21): what came in by one request may not become more by patches.
LIMITS = Size(widest=1_000, depth=32, values=10_000, characters=1_000_000)
_SENTENCES = (
    f"an object or array would hold more than {LIMITS.widest} members.",
    f"the document would be nested deeper than {LIMITS.depth} levels.",
    f"the document would hold more than {LIMITS.values} values.",
    f"the document would hold more than {LIMITS.characters} characters.",
)


def size_of(document: Any) -> Size:
    """Return the size of a document, walked without recursion."""
    todo, widest, deepest, values, characters = [(document, 1)], 0, 0, 0, 0
    while todo:
        node, depth = todo.pop()
        values += 1
        deepest = max(deepest, depth)
        if isinstance(node, dict | list):
            widest = max(widest, len(node))
            parts = node.values() if isinstance(node, dict) else node
            characters += sum(map(len, node)) if isinstance(node, dict) else 0
            todo.extend((part, depth + 1) for part in parts)
        elif isinstance(node, str):
            characters += len(node)
    return Size(widest, deepest, values, characters)


def check_growth(before: Size, after: Any) -> None:
    """Raise `BadDocument` where a document is beyond the limits and beyond what it was."""
    for limit, old, new, sentence in zip(LIMITS, before, size_of(after), _SENTENCES, strict=True):
        if new > max(limit, old):
            raise BadDocument(sentence)
