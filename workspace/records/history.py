"""The History tab: one row for every field change of a record (ux C.2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.models import JournalEntry

# A page holds this many acts of saving; each may have changed several fields.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A field's step from an old to a new value."""

    entry: Any
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of changes, newest first; `more` is the place where the next one begins."""

    rows: list[Change]
    fields: list[tuple[str, str]]
    chosen: str
    more: int | None


def history_of(journal: Any, params: Mapping[str, str]) -> History:
    """Return the changes the address asks for."""
    chosen, place = params.get("field", ""), params.get("before", "")
    entries = _entries(journal)
    if place.isdecimal() and len(place) < 19:
        entries = entries.filter(pk__lt=int(place))
    found = list(entries[: PAGE + 1])
    return History(
        rows=list(_changes(found[:PAGE], chosen)),
        fields=_fields(found[:PAGE]),
        chosen=chosen,
        more=found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def history_rows(journal: Any, chosen: str = "") -> Iterator[list[str]]:
    """Yield the head and every change as cells of a sheet, newest first."""
    yield ["When (UTC)", "Who", "Kind", "Field", "Old", "New", "Transaction", "Reason"]
    for change in _changes(_entries(journal).iterator(), chosen):
        entry = change.entry
        yield [
            entry.created_at.strftime("%Y-%m-%d %H:%M:%S"),
            entry.actor_name,
            entry.actor_kind,
            change.label,
            change.old,
            change.new,
            entry.act,
            entry.text,
        ]


def _entries(journal: Any) -> Any:
    return journal.filter(kind=JournalEntry.Kind.CHANGE).order_by("-pk")


def _changes(entries: Iterable[Any], chosen: str) -> Iterator[Change]:
    for entry in entries:
        for change in entry.changes:
            if not chosen or change.get("field") == chosen:
                label = str(change.get("label") or change.get("field", ""))
                yield Change(
                    entry, label, str(change.get("old") or ""), str(change.get("new") or "")
                )


def _fields(entries: list[Any]) -> list[tuple[str, str]]:
    found = {
        str(c.get("field", "")): str(c.get("label") or c.get("field", ""))
        for entry in entries
        for c in entry.changes
    }
    return sorted(found.items(), key=lambda pair: pair[1])
