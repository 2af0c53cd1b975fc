"""Which moves a change may make; plain values, no database (C.4)."""

from collections.abc import Mapping

NEW, ASSESS, AUTHORIZE, SCHEDULED = "new", "assess", "authorize", "scheduled"
IMPLEMENT, REVIEW, CLOSED, CANCELED = "implement", "review", "closed", "canceled"

_FROM_SCHEDULED = {
    SCHEDULED: (IMPLEMENT, CANCELED),
    IMPLEMENT: (REVIEW, CANCELED),
    REVIEW: (CLOSED,),
}
_FROM_AUTHORIZE = {AUTHORIZE: (SCHEDULED, NEW, CANCELED), **_FROM_SCHEDULED}
MOVES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "normal": {
        NEW: (ASSESS, CANCELED),
        ASSESS: (AUTHORIZE, NEW, CANCELED),
        **_FROM_AUTHORIZE,
    },
    "standard": {NEW: (SCHEDULED, CANCELED), **_FROM_SCHEDULED},
    "emergency": {NEW: (AUTHORIZE, CANCELED), **_FROM_AUTHORIZE},
}
# Customers are told on the way in, so all that the telling needs must be there (R124, X17).
NEEDED: Mapping[str, Mapping[str, str]] = {
    AUTHORIZE: {
        "assignment_group": "an assignment group",
        "planned_start": "a planned start",
        "planned_end": "a planned end",
        "ci": "a configuration item",
    },
    CLOSED: {"close_code": "a close code", "close_notes": "close notes"},
}


def moves_from(kind: str, state: str) -> tuple[str, ...]:
    """Return the states a change of this type may move to next."""
    return MOVES[kind].get(state, ())


def needed_for(kind: str, state: str) -> Mapping[str, str]:
    """Return the fields, with their names in a sentence, that entering the state needs.

    Standard changes never pass Authorize, so Scheduled asks them for the same (C.4).
    """
    if kind == "standard" and state == SCHEDULED:
        return NEEDED[AUTHORIZE]
    return NEEDED.get(state, {})
