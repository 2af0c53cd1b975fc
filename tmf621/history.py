"""Keep a ticket's status history, whoever made the ticket (tmf.md §3.2)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from cases.models import Case
from core.models import Record
from incidents.models import Incident
from tmf621.models import StatusChange
from tmf621.resources import record_status
from tmf621.words import Words

# Besides the state; a hold reason alone turns pending into held.
STATUS_FIELDS = {"hold_reason", "resolution_code"}


class StatusMove(NamedTuple):
    """A ticket's newest line: the status it went to, and how many lines there are now."""

    uid: UUID
    status: str
    lines: int


def status_moves(owner: str, record_ids: Collection[int], *, at: datetime) -> dict[int, StatusMove]:
    """Return record id → the change of status written at that moment.

    In: `owner` is "incident" or "case". A ticket's first line is its beginning and no change.
    """
    rows = StatusChange.unscoped.filter(**{f"{owner}__in": record_ids}).order_by("pk")
    newest: dict[int, tuple[StatusMove, datetime]] = {}
    for pk, uid, status, changed_at in rows.values_list(
        f"{owner}_id", f"{owner}__uid", "status", "changed_at"
    ):
        lines = newest[pk][0].lines + 1 if pk in newest else 1
        newest[pk] = StatusMove(uid, status, lines), changed_at
    return {pk: move for pk, (move, when) in newest.items() if move.lines > 1 and when == at}


def keep_incident_status(incident_id: int, *, at: datetime, reason: str = "") -> None:
    """Add a line where the incident's status is not the last one told."""
    _keep(Incident.unscoped.filter(pk=incident_id), "incident", at, reason)


def keep_case_status(case_ids: Collection[int], *, at: datetime, reason: str = "") -> None:
    """Add a line to each case whose status is not the last one told."""
    _keep(Case.unscoped.filter(pk__in=case_ids), "case", at, reason)


def _keep(records: Any, owner: str, at: datetime, reason: str) -> None:
    words = Words()
    found: list[Record] = list(records)
    whose = {f"{owner}__in": [record.pk for record in found]}
    # Later lines overwrite earlier ones, so that the last is left.
    lines = StatusChange.unscoped.filter(**whose).order_by("pk")
    last = dict(lines.values_list(f"{owner}_id", "status"))
    fresh = [
        StatusChange(
            **{f"{owner}_id": record.pk},
            domain_id=record.domain_id,
            status=status,
            reason=reason[:240],
            changed_at=at,
        )
        for record in found
        if (status := record_status(record, words)) != last.get(record.pk)  # type: ignore[arg-type]
    ]
    StatusChange.unscoped.bulk_create(fresh, batch_size=1000)
