"""Business rules of the trouble ticket API."""

from core.bus import react_to
from core.models import DomainEvent
from tmf621.history import keep_case_status, keep_incident_status

RULE = "Keep ticket status history"
HELP = (
    "Writes a line into the ticket's status history whenever its TMF621 status changes; it runs "
    "before the events are staged, so that they tell the new line."
)


# A hold reason alone turns pending into held.
STATUS_FIELDS = {"hold_reason", "resolution_code"}


@react_to("incident.opened", rule=RULE, table="incident", help=HELP, order=10)
@react_to("incident.updated", rule=RULE, table="incident", help=HELP, order=10)
@react_to("incident.state_changed", rule=RULE, table="incident", help=HELP, order=10)
def keep_incident(event: DomainEvent) -> None:
    changed = {change["field"] for change in event.payload.get("changes", [])}
    if event.name == "incident.updated" and not changed & STATUS_FIELDS:
        return
    reason = event.payload.get("reason", "")
    keep_incident_status(event.record_id, at=event.happened_at, reason=reason)


@react_to("case.opened", rule=RULE, table="case", help=HELP, order=10)
@react_to("case.state_changed", rule=RULE, table="case", help=HELP, order=10)
def keep_case(event: DomainEvent) -> None:
    reason = event.payload.get("reason", "")
    keep_case_status([event.record_id], at=event.happened_at, reason=reason)


@react_to("cases.raised", rule=RULE, table="case", help=HELP, order=10)
@react_to("cases.resolved", rule=RULE, table="case", help=HELP, order=10)
def keep_cases(event: DomainEvent) -> None:
    ids = [*event.payload["case_ids"], event.payload.get("major_id")]
    keep_case_status([pk for pk in ids if pk is not None], at=event.happened_at)
