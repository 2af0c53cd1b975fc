"""Business rules of the trouble ticket API."""

from core.bus import react_to
from core.models import DomainEvent
from tmf621.claims import settle_claims
from tmf621.documents import tell_cases, tell_incidents
from tmf621.history import STATUS_FIELDS, keep_case_status, keep_incident_status

RULE = "Keep trouble tickets of incidents"
CASE_RULE = "Keep trouble tickets of cases"
HELP = (
    "Writes a line into the ticket's status history whenever its TMF621 status changes, keeps "
    "what the ticket tells for filters and sorting, and frees the external id of a ticket that "
    "is over. It runs before the events are staged, so that they tell the new line. While it is "
    "off, the ticket API finds tickets as they were."
)


@react_to("incident.opened", rule=RULE, table="incident", help=HELP, order=10)
@react_to("incident.updated", rule=RULE, table="incident", help=HELP, order=10)
@react_to("incident.state_changed", rule=RULE, table="incident", help=HELP, order=10)
def keep_incident(event: DomainEvent) -> None:
    changed = {change["field"] for change in event.payload.get("changes", [])}
    if event.name != "incident.updated" or changed & STATUS_FIELDS:
        reason = event.payload.get("reason", "")
        keep_incident_status(event.record_id, at=event.happened_at, reason=reason)
    if event.name == "incident.state_changed":
        settle_claims("incident", [event.record_id])
    tell_incidents([event.record_id])


@react_to("incident.impact_changed", rule=RULE, table="incident", help=HELP, order=10)
@react_to("incident.noted", rule=RULE, table="incident", help=HELP, order=10)
def keep_incident_parts(event: DomainEvent) -> None:
    if not _is_private(event):
        tell_incidents([event.record_id])


@react_to("case.opened", rule=CASE_RULE, table="case", help=HELP, order=10)
@react_to("case.state_changed", rule=CASE_RULE, table="case", help=HELP, order=10)
def keep_case(event: DomainEvent) -> None:
    reason = event.payload.get("reason", "")
    keep_case_status([event.record_id], at=event.happened_at, reason=reason)
    if event.name == "case.state_changed":
        settle_claims("case", [event.record_id])
    tell_cases([event.record_id])


@react_to("case.updated", rule=CASE_RULE, table="case", help=HELP, order=10)
@react_to("case.noted", rule=CASE_RULE, table="case", help=HELP, order=10)
def keep_case_parts(event: DomainEvent) -> None:
    if not _is_private(event):
        tell_cases([event.record_id])


@react_to("cases.raised", rule=CASE_RULE, table="case", help=HELP, order=10)
@react_to("cases.resolved", rule=CASE_RULE, table="case", help=HELP, order=10)
@react_to("cases.updated", rule=CASE_RULE, table="case", help=HELP, order=10)
def keep_cases(event: DomainEvent) -> None:
    ids = _cases_of(event)
    keep_case_status(ids, at=event.happened_at)
    settle_claims("case", ids)
    tell_cases(ids)


@react_to("cases.notified", rule=CASE_RULE, table="case", help=HELP, order=10)
def keep_notified_cases(event: DomainEvent) -> None:
    tell_cases(_cases_of(event))


def _cases_of(event: DomainEvent) -> list[int]:
    ids = [*event.payload.get("case_ids", []), event.payload.get("major_id")]
    return [pk for pk in ids if pk is not None]


def _is_private(event: DomainEvent) -> bool:
    """Tell whether the event is a note that no ticket tells."""
    return event.name.endswith(".noted") and event.payload.get("kind") != "comment"
