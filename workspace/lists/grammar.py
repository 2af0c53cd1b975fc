"""What people type into a list's search box: words, "quotes", field:value, field:a,b and -not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_VALUE = r'(?:"[^"]*"|[^\s,"]+)'
_TERM = re.compile(
    rf'(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):(?P<values>{_VALUE}(?:,{_VALUE})*)|(?P<word>"[^"]*"|\S+))'
)
_PLAIN = re.compile(r'[^\s,"]+')
_PLAIN_WORD = re.compile(r'[^\s":\-][^\s":]*')
LONGEST, MOST = 200, 20


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; without a field its value is words to look for."""

    values: tuple[str, ...]
    field: str = ""
    negated: bool = False


def parse(text: str) -> tuple[Term, ...]:
    """Read a search text; whatever is typed means something, nothing is an error."""
    found = (_term(match) for match in _TERM.finditer(text.replace("\0", "")[:LONGEST]))
    return tuple(term for term in found if term.values)[:MOST]


def write(terms: Iterable[Term]) -> str:
    """Return the text that `parse` reads as these terms."""
    return " ".join(_written(term) for term in terms)


def _term(match: re.Match[str]) -> Term:
    negated = bool(match["minus"])
    if match["field"]:
        values = tuple(v for raw in re.findall(_VALUE, match["values"]) if (v := raw.strip('"')))
        return Term(values, match["field"].lower(), negated)
    word = match["word"].replace('"', "").strip()
    return Term((word,) if word else (), "", negated)


def _written(term: Term) -> str:
    minus = "-" if term.negated else ""
    if not term.field:
        word = term.values[0]
        return minus + (word if _PLAIN_WORD.fullmatch(word) else f'"{word}"')
    values = ",".join(v if _PLAIN.fullmatch(v) else f'"{v}"' for v in term.values)
    return f"{minus}{term.field}:{values}"
