"""Write into the activity streams of one case or of many.

A comment is part of what customers are told, so it makes the case newer.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.models import Case, CaseEntry
from core.actor import Actor

Kind = CaseEntry.Kind


def write_entry(
    case: Case, kind: str, text: str, by: Actor, now: datetime, **more: Any
) -> CaseEntry:
    """Write one entry."""
    entry = _entry(case.pk, kind, text, by, now, **more)
    entry.save()
    if kind == Kind.COMMENT:
        case.updated_at = now
        Case.objects.filter(pk=case.pk).update(updated_at=now)
    return entry


def write_entries(
    case_ids: Iterable[int], kind: str, text: str, by: Actor, now: datetime, **more: Any
) -> list[CaseEntry]:
    """Write the same entry on many cases in one statement; see `write_texts`."""
    return write_texts(dict.fromkeys(case_ids, text), kind, by, now, **more)


def write_texts(
    texts: Mapping[int, str], kind: str, by: Actor, now: datetime, **more: Any
) -> list[CaseEntry]:
    """Write an entry on many cases, each with its own text, in one statement.

    An entry with an `origin` that a case has already is left out there; ids are unknown then.
    """
    if kind == Kind.COMMENT:
        Case.objects.filter(pk__in=texts).update(updated_at=now)
    return CaseEntry.objects.bulk_create(
        [_entry(pk, kind, text, by, now, **more) for pk, text in texts.items()],
        batch_size=1000,
        ignore_conflicts="origin" in more,
    )


def _entry(case_id: int, kind: str, text: str, by: Actor, now: datetime, **more: Any) -> CaseEntry:
    return CaseEntry(
        case_id=case_id,
        kind=kind,
        text=text,
        created_at=now,
        **by.signature(),
        **more,
    )
