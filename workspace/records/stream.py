"""The activity stream: entries by day, the system's chatter of one act as one entry (ux C.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils import timezone

from core.models import JournalEntry
from escalation.models import Run
from incidents.choices import Stage

PAGE = 30
Kind = JournalEntry.Kind
QUIET = {Kind.SYSTEM, Kind.CHANGE}

FILTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("all", "All", ()),
    ("notes", "Notes", (Kind.WORK_NOTE, Kind.INSTRUCTIONS)),
    ("customer", "Customer", (Kind.COMMENT, Kind.NOTIFICATION)),
    ("system", "System", (Kind.SYSTEM,)),
    ("changes", "Field changes", (Kind.CHANGE,)),
)


@dataclass
class Act:
    """One or more entries shown as one."""

    entries: list[Any] = field(default_factory=list)
    # The run that wrote it, where something happened by itself.
    run: int | None = None

    @property
    def first(self) -> Any:
        return self.entries[0]

    @property
    def collapsed(self) -> bool:
        return len(self.entries) > 1

    @property
    def summary(self) -> str:
        """Say what it was and how much is inside: "Escalated to L2: 6 changes"."""
        count = sum(len(entry.changes) or 1 for entry in self.entries)
        target = self._stage_reached()
        return f"{target}: {count} changes" if target else f"{count} changes"

    def _stage_reached(self) -> str:
        changes = [change for entry in self.entries for change in entry.changes]
        reached = [c["new"] for c in changes if c.get("field") == "stage" and c.get("new")]
        if not reached:
            return ""
        verb = "Escalated to" if str(reached[0]).startswith("L") else "Entered"
        return f"{verb} {reached[0]}"


@dataclass(frozen=True, slots=True)
class StreamFilter:
    """One way to look at the stream, with how many entries it shows."""

    key: str
    label: str
    count: int


@dataclass
class Stream:
    """A page of the stream."""

    days: list[tuple[date, list[Act]]]
    chosen: str
    oldest_first: bool
    stage: str
    stage_label: str
    filters: list[StreamFilter]
    more: int | None

    @property
    def acts(self) -> list[Act]:
        """Return the acts of all days in the order shown."""
        return [act for _, acts in self.days for act in acts]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks the stream for."""

    chosen: str = "all"
    stage: str = ""
    oldest_first: bool = False
    place: int | None = None


def asked_stream(journal: Any, params: Mapping[str, str]) -> Stream:
    """Return the page of the stream that the address asks for; nonsense asks for everything."""
    place = params.get("before", "")
    keys = [key for key, _, _ in FILTERS]
    stage = params.get("of", "")
    has_stage = any(f.name == "stage" for f in journal.model._meta.get_fields())
    asked = Asked(
        chosen=params["stream"] if params.get("stream") in keys else "all",
        stage=stage if has_stage and stage in Stage.values else "",
        oldest_first=params.get("order") == "oldest",
        place=int(place) if place.isdecimal() and len(place) < 19 else None,
    )
    return stream_of(journal.select_related("user"), asked)


def stream_of(journal: Any, asked: Asked) -> Stream:
    """Return up to thirty entries from where the last page ended, with the count of each filter."""
    rows = journal.filter(stage=asked.stage) if asked.stage else journal
    counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    found = list(_page(rows, asked))
    shown = found[:PAGE]
    return Stream(
        days=_days(shown, _runs_of(shown)),
        chosen=asked.chosen,
        oldest_first=asked.oldest_first,
        stage=asked.stage,
        stage_label=str(Stage(asked.stage).label) if asked.stage else "",
        filters=[StreamFilter(k, label, _count(counts, kinds)) for k, label, kinds in FILTERS],
        more=shown[-1].pk if len(found) > PAGE else None,
    )


def _page(rows: Any, asked: Asked) -> Any:
    kinds = next((kinds for key, _, kinds in FILTERS if key == asked.chosen), ())
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if asked.place:
        beyond = "pk__gt" if asked.oldest_first else "pk__lt"
        rows = rows.filter(**{beyond: asked.place})
    return rows.order_by("pk" if asked.oldest_first else "-pk")[: PAGE + 1]


def _count(counts: Mapping[str, int], kinds: Iterable[str]) -> int:
    chosen = list(kinds)
    return sum(n for kind, n in counts.items() if not chosen or kind in chosen)


def _runs_of(entries: list[Any]) -> dict[str, int]:
    """Return by act the run that wrote its entries."""
    acts = {entry.act for entry in entries if entry.act}
    return dict(Run.objects.filter(act__in=acts).values_list("act", "pk")) if acts else {}


def _days(entries: list[Any], runs: Mapping[str, int]) -> list[tuple[date, list[Act]]]:
    by_day = groupby(entries, key=lambda entry: timezone.localtime(entry.created_at).date())
    return [(day, list(_acts(group, runs))) for day, group in by_day]


def _acts(entries: Iterable[Any], runs: Mapping[str, int]) -> Iterable[Act]:
    for _, group in groupby(entries, key=_act_key):
        found = list(group)
        yield Act(found, runs.get(found[0].act))


def _act_key(entry: Any) -> tuple[str, int]:
    # Only quiet entries of one act are shown as one; notes always stand alone.
    return (entry.act, 0) if entry.act and entry.kind in QUIET else ("", entry.pk)
