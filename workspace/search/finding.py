"""Look words up in every source the user may see."""

import re
from dataclasses import dataclass
from typing import Any

from core.models import User
from core.text_search import holding
from workspace.search.sources import SOURCES, Source

MOST_WORDS = 100
# INC0010001 and the like; a few letters are enough to say which kind is meant.
NUMBER = re.compile(r"[A-Za-z]{2,6}\d+\Z")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found."""

    number: str
    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one source, and whether there are more of them."""

    source: Source
    hits: list[Hit]
    more: bool


def find(words: str, user: User, *, most: int = 10) -> list[Group]:
    """Return what holds the words, by source, at most so many each; one statement a source.

    What looks like a number is looked for among numbers first, and among words only if no number
    begins like it. Sources the user may not see are left out; domains are held by the scope.
    """
    words = words.replace("\0", "").strip()[:MOST_WORDS]
    if not words:
        return []
    seen = [source for source in SOURCES if user.has_perm(source.permission)]
    if NUMBER.match(words):
        groups = [_numbered(source, words, most) for source in seen if source.numbered]
        if any(group.hits for group in groups):
            return [group for group in groups if group.hits]
    return [group for group in (_worded(source, words, most) for source in seen) if group.hits]


def jump(words: str, user: User) -> str:
    """Return the address of the one record of exactly this number, or an empty text."""
    number = words.strip().upper()
    if not NUMBER.match(number):
        return ""
    for source in SOURCES:
        if source.numbered and user.has_perm(source.permission):
            record = _rows(source).filter(number=number).first()
            if record is not None:
                return source.url(record)
    return ""


def _numbered(source: Source, words: str, most: int) -> Group:
    rows = _rows(source).filter(number__startswith=words.upper())
    return _group(source, rows.order_by("number"), most)


def _worded(source: Source, words: str, most: int) -> Group:
    rows = holding(_rows(source), words, titles=source.titles, texts=source.texts)
    return _group(source, rows.order_by(source.order, "pk"), most)


def _rows(source: Source) -> Any:
    rows = source.model._default_manager.all()
    return rows.select_related(*source.related) if source.related else rows


def _group(source: Source, rows: Any, most: int) -> Group:
    found = list(rows[: most + 1])
    return Group(source, [_hit(source, record) for record in found[:most]], len(found) > most)


def _hit(source: Source, record: Any) -> Hit:
    number = record.number if source.numbered else ""
    return Hit(number, getattr(record, source.titles[0]), source.detail(record), source.url(record))
