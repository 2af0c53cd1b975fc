"""What a change of status is told as: changed, resolved, information required (tmf.md §3.10).

The ticket's status history says whether its status changed: a new hold reason alone turns held
into pending, and one change of several fields is one change of status.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from core.models import DomainEvent
from notifications.models import StagedEvent
from notifications.names import INFORMATION, RESOLVED, STATUS
from notifications.staging import Description, stage_cases, stage_incident
from tmf621.history import StatusMove, status_moves
from tmf621.mapping import Status
from tmf621.resources import Resource

NO_QUESTION = "Information is required."


def tell_status(
    event: DomainEvent, owner: str, ids: Collection[int], *, state_changed: bool = True
) -> None:
    """Stage one status change for each ticket that has changed.

    In: with `state_changed` a ticket is told whose state the site maps to the same status, too.
    """
    moves = status_moves(owner, ids, at=event.happened_at)
    told = _told(STATUS, moves, event.happened_at)
    wanted = [pk for pk in ids if pk not in told and (pk in moves or state_changed)]
    moved = [pk for pk in wanted if pk in moves]
    _stage(owner, moved, STATUS, status_text, event.happened_at)
    _stage(
        owner, [pk for pk in wanted if pk not in moves], STATUS, _states(event), event.happened_at
    )


def tell_resolved(event: DomainEvent, owner: str, ids: Collection[int]) -> None:
    """Stage an event for each ticket whose status has become resolved."""
    ids = _entered(event, owner, ids, Status.RESOLVED, RESOLVED)
    _stage(owner, ids, RESOLVED, resolved_text, event.happened_at)


def tell_information_required(event: DomainEvent, owner: str, ids: Collection[int]) -> None:
    """Stage an event for each ticket that now waits for somebody's answer."""
    ids = _entered(event, owner, ids, Status.PENDING, INFORMATION)
    _stage(owner, ids, INFORMATION, question, event.happened_at, "note")


def status_text(ticket: Resource) -> str:
    """Return the last change of status in words."""
    old, new = ticket["statusChange"][-2:]
    return f"{old['status']} -> {new['status']}"


def resolved_text(ticket: Resource) -> str:
    """Return the reason that was given, or the change in words."""
    return ticket["statusChange"][-1].get("changeReason") or status_text(ticket)


def question(ticket: Resource) -> str:
    """Return what is asked: the reason of this change, else the ticket's last comment."""
    asked = ticket["statusChange"][-1].get("changeReason")
    comments = [note["text"] for note in ticket["note"]]
    return str(asked or (comments or [NO_QUESTION])[-1])


def _states(event: DomainEvent) -> str:
    if "old" not in event.payload:
        return "Status changed"
    return f"State changed from {event.payload['old']} to {event.payload['new']}"


def _entered(
    event: DomainEvent, owner: str, ids: Collection[int], status: Status, event_type: str
) -> list[int]:
    moves = status_moves(owner, ids, at=event.happened_at)
    entered = {pk: move for pk, move in moves.items() if move.status == status}
    told = _told(event_type, entered, event.happened_at)
    return [pk for pk in entered if pk not in told]


def _told(event_type: str, moves: dict[int, StatusMove], at: datetime) -> set[int]:
    """Return whose newest line in the history has had its event of this type already."""
    if not moves:
        return set()
    uids = [move.uid for move in moves.values()]
    rows = StagedEvent.objects.filter(event_type=event_type, ticket_uid__in=uids, happened_at=at)
    lines: dict[UUID, int] = {
        uid: len(snapshot["ticket"]["statusChange"])
        for uid, snapshot in rows.order_by("pk").values_list("ticket_uid", "snapshot")
    }
    return {pk for pk, move in moves.items() if lines.get(move.uid) == move.lines}


def _stage(
    owner: str,
    ids: Collection[int],
    event_type: str,
    description: Description,
    at: datetime,
    field_path: str = "",
) -> None:
    if not ids:
        return
    if owner == "case":
        stage_cases(ids, event_type, description, at, field_path)
        return
    for pk in ids:
        stage_incident(pk, event_type, description, at, field_path)
