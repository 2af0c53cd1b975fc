"""Which statuses a ticket may go to: what the site lets clients ask for and its record can do."""

from cases.models import Case
from cases.queries import MOVES
from incidents.queries import next_states
from tmf621.mapping import Status, standing_for
from tmf621.models import StatusTransition
from tmf621.resources import Ticket, kind_of_record, record_status
from tmf621.words import Words


def may_change(source: str, target: str) -> bool:
    """Tell whether clients may ask for this change of status (tmf.md §3.3)."""
    return StatusTransition.objects.filter(active=True, source=source, target=target).exists()


def possible_statuses(record: Ticket) -> list[str]:
    """Return the statuses a client may ask for now, in the standard's order."""
    here, kind = record_status(record, Words()), kind_of_record(record)
    rows = StatusTransition.objects.filter(active=True, source=here)
    targets = set(rows.values_list("target", flat=True))
    states = _states_after(record)
    return [
        status.value
        for status in Status
        if status.value in targets
        and (standing := standing_for(status, kind)) is not None
        and standing.state in states
    ]


def _states_after(record: Ticket) -> set[str]:
    """Return the states the record can have next; staying on hold for another reason is one."""
    if isinstance(record, Case):
        return set(MOVES[record.state])
    return {record.state, *(value for value, _ in next_states(record.state))}
