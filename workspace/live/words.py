"""Say in a few words what an event changed: "Ana changed Priority 3-Moderate → 2-High"."""

from typing import Any

from core.models import DomainEvent
from workspace.live.kinds import Kind

# Longer values are read in the stream.
SHORT = 60
NOTES = {"work_note": "added a work note", "comment": "wrote a comment"}


def fields_of(event: DomainEvent) -> tuple[str, ...]:
    """Return the names of the fields the event changed."""
    if event.name.endswith(".state_changed"):
        return ("state",)
    return tuple(str(change.get("field", "")) for change in event.payload.get("changes", ()))


def words_of(event: DomainEvent, kind: Kind) -> str:
    """Return the sentence about the event without its full stop; empty where nothing is to tell."""
    who = str(event.actor.get("name") or "psew")
    if event.name.endswith(".noted"):
        told = NOTES.get(str(event.payload.get("kind")))
        return f"{who} {told}" if told else ""
    changes = _changes(event, kind)
    return f"{who} changed {', '.join(map(_change, changes))}" if changes else ""


def _changes(event: DomainEvent, kind: Kind) -> list[dict[str, Any]]:
    if event.name.endswith(".updated"):
        return [change for change in event.payload.get("changes", ()) if change.get("label")]
    if not event.name.endswith(".state_changed"):
        return []
    old, new = (kind.states.get(event.payload.get(key, ""), "") for key in ("old", "new"))
    return [{"label": "State", "old": old, "new": new}]


def _change(change: dict[str, Any]) -> str:
    old, new = (str(change.get(key) or "(empty)") for key in ("old", "new"))
    if max(len(old), len(new)) > SHORT or "\n" in old + new:
        return str(change["label"])
    return f"{change['label']} {old} → {new}"
