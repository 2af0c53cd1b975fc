"""Change hints: which records moved on, not how they look now (ux C.8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import DomainEvent
from core.scope import everything
from workspace.live.kinds import BY_RECORD_TYPE, CASE, INCIDENT, Kind
from workspace.live.viewers import Viewer
from workspace.live.words import fields_of, words_of

# One act on more cases than this tells only that many changed.
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Hint:
    """One record that an event changed; `id` is None where many of the kind changed at once."""

    event: int
    kind: str
    id: int | None
    number: str
    version: int
    fields: tuple[str, ...]
    words: str
    by: str
    by_id: int | None
    at: datetime
    opened: bool
    domains: tuple[int, ...]
    of: int | None = None
    of_domain: int = 0

    def for_viewer(self, viewer: Viewer) -> dict[str, Any] | None:
        """Return what this person may know of it, ready for JSON; None where that is nothing."""
        if not viewer.sees(self.kind, *self.domains):
            return None
        may_see_incident = self.of and viewer.sees(INCIDENT.name, self.of_domain)
        return {
            "event": self.event,
            "type": self.kind,
            "id": self.id,
            "number": self.number,
            "version": self.version,
            "fields": self.fields,
            "words": self.words,
            "by": self.by,
            "mine": self.by_id == viewer.user_id,
            "at": self.at.isoformat(),
            "opened": self.opened,
            "of": self.of if may_see_incident else None,
        }


@dataclass(frozen=True, slots=True)
class _Touch:
    """An event and one record it is about."""

    event: DomainEvent
    kind: Kind
    id: int | None


def hints_of(events: Iterable[DomainEvent]) -> list[Hint]:
    """Return the hints of these events in their order; one statement per kind of record.

    It looks into all domains: `Hint.for_viewer` decides what leaves. A record that is gone has
    no hint.
    """
    touched = [touch for event in events for touch in _touches(event)]
    with everything():
        known = _records(touched)
    return [hint for touch in touched if (hint := _hint(touch, known))]


def _touches(event: DomainEvent) -> Iterator[_Touch]:
    kind = BY_RECORD_TYPE.get(event.record_type)
    if kind is None:
        return
    yield _Touch(event, kind, event.record_id)
    cases = [*event.payload.get("case_ids", ()), event.payload.get("major_id")]
    cases = [pk for pk in cases if pk]
    if len(cases) > MOST_CASES:
        yield _Touch(event, CASE, None)
    else:
        yield from (_Touch(event, CASE, pk) for pk in cases)


def _records(touched: list[_Touch]) -> dict[tuple[str, int], dict[str, Any]]:
    ids: dict[Kind, set[int]] = defaultdict(set)
    for touch in touched:
        if touch.id is not None:
            ids[touch.kind].add(touch.id)
    known = {}
    for kind, wanted in ids.items():
        fields = ["pk", "number", "version", "domain_id"]
        fields += ["incident_id", "incident__domain_id"] if kind.of_incident else []
        for row in kind.model._default_manager.filter(pk__in=wanted).values(*fields):
            known[kind.name, row["pk"]] = row
    return known


def _hint(touch: _Touch, known: dict[tuple[str, int], dict[str, Any]]) -> Hint | None:
    event, own = touch.event, touch.event.record_type == touch.kind.record_type
    own = own and touch.id == event.record_id
    row = known.get((touch.kind.name, touch.id)) if touch.id else {}
    if row is None:
        return None
    return Hint(
        event=event.pk,
        kind=touch.kind.name,
        id=touch.id,
        number=row.get("number", ""),
        version=row.get("version", 0),
        fields=fields_of(event) if own else (),
        words=words_of(event, touch.kind) if own else "",
        by=str(event.actor.get("name") or "psew"),
        by_id=event.actor.get("user"),
        at=event.happened_at,
        opened=event.name.endswith(".opened") if own else event.name == "cases.raised",
        domains=tuple({event.domain_id, row.get("domain_id", event.domain_id)}),
        of=row.get("incident_id"),
        of_domain=row.get("incident__domain_id") or 0,
    )
