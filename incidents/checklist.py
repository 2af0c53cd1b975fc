"""Find the check boxes in a text of instructions."""

import re

_BOX = re.compile(r"^\s*(?:[-*+]|\d+\.) \[([ xX])\] +(.*)$")


def boxes_of(text: str) -> list[str]:
    """Return the words of every "- [ ] …" line in order; code blocks hold none."""
    return [words for words, _ in _boxes(text)]


def pre_ticked(text: str) -> set[int]:
    """Return which boxes the text itself shows as done."""
    return {n for n, (_, done) in enumerate(_boxes(text)) if done}


def _boxes(text: str) -> list[tuple[str, bool]]:
    found, fenced = [], False
    for line in text.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        match = None if fenced else _BOX.match(line)
        if match:
            found.append((match[2], match[1] != " "))
    return found
