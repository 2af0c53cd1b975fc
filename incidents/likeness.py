"""How alike two short texts are, by the three-letter pieces they share."""

import re

_WORD = re.compile(r"\w+")


def trigrams(text: str) -> frozenset[str]:
    """Return the three-letter pieces of every word, padded as PostgreSQL's pg_trgm does."""
    pieces = set()
    for word in _WORD.findall(text.lower()):
        padded = f"  {word} "
        pieces |= {padded[i : i + 3] for i in range(len(padded) - 2)}
    return frozenset(pieces)


def likeness(one: str, other: str) -> float:
    """Return the share of pieces two texts have in common, from 0 to 1."""
    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b) if a or b else 0.0
