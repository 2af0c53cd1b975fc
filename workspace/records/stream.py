"""The activity stream: entries newest first, the system's chatter of one act as one entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from core.models import JournalEntry

PAGE = 30
Kind = JournalEntry.Kind
QUIET = {Kind.SYSTEM, Kind.CHANGE}

FILTERS = (
    ("all", "All", ()),
    ("notes", "Notes", (Kind.WORK_NOTE, Kind.INSTRUCTIONS)),
    ("customer", "Customer", (Kind.COMMENT, Kind.NOTIFICATION)),
    ("system", "System", (Kind.SYSTEM, Kind.CHANGE)),
)


@dataclass
class Act:
    """One or more entries shown as one."""

    entries: list[Any] = field(default_factory=list)

    @property
    def first(self) -> Any:
        return self.entries[0]

    @property
    def collapsed(self) -> bool:
        return len(self.entries) > 1

    @property
    def summary(self) -> str:
        """Say how much is inside: "6 changes"."""
        count = sum(len(entry.changes) or 1 for entry in self.entries)
        return f"{count} changes"


@dataclass
class Stream:
    """A page of the stream."""

    acts: list[Act]
    chosen: str
    older: int | None


def asked_stream(journal: Any, params: Mapping[str, str]) -> Stream:
    """Return the page of the stream that the address asks for."""
    before = params.get("before", "")
    return stream_of(
        journal.select_related("user"),
        chosen=params.get("stream", "all"),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )


def stream_of(journal: Any, *, chosen: str = "all", before: int | None = None) -> Stream:
    """Return the newest entries, of one kind where asked, older than `before` where given."""
    kinds = next((kinds for key, _, kinds in FILTERS if key == chosen), ())
    rows = journal.order_by("-pk")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return Stream(acts=list(_acts(found[:PAGE])), chosen=chosen, older=older)


def _acts(entries: list[Any]) -> Iterable[Act]:
    for _, group in groupby(entries, key=_act_key):
        yield Act(list(group))


def _act_key(entry: Any) -> tuple[str, int]:
    # Only quiet entries of one act are shown as one; notes always stand alone.
    return (entry.act, 0) if entry.act and entry.kind in QUIET else ("", entry.pk)
