"""The business rules that stage events (R153, R154, R164), and who is told what by mail.

Four rules are the document's; three more tell what else TM Forum's events tell (tmf.md §3.10).
"""

from cases.models import CaseEntry
from core.bus import react_to
from core.models import DomainEvent
from incidents.models import IncidentEntry
from notifications import inbox, mails
from notifications.names import ATTRIBUTE, CREATE, DELETE
from notifications.staging import stage_cases, stage_incident
from notifications.status_events import tell_information_required, tell_resolved, tell_status
from tmf621.history import STATUS_FIELDS

ON_CREATE = "Create Trouble Ticket Event"
ON_STATE = "Trouble Ticket State Change Event"
ON_ATTRIBUTE = "Trouble Ticket Attribute Change Event"
ON_CASE = "Create Trouble Ticket Event for Case"
ON_RESOLVED = "Trouble Ticket Resolved Event"
ON_INFORMATION = "Trouble Ticket Information Required Event"
ON_DELETE = "Trouble Ticket Delete Event"

CREATE_HELP = "Stages an event when an incident is opened (R153)."
STATE_HELP = (
    "Stages an event when a ticket's state changes, or its TMF621 status alone, as with the reason "
    "it is on hold for (R153)."
)
ATTRIBUTE_HELP = "Stages an event when anything else of a ticket changes (R153)."
CASE_HELP = "Stages an event when a case is opened (R153)."
RESOLVED_HELP = "Stages an event when a ticket's status becomes resolved, besides its change."
INFORMATION_HELP = "Stages an event when a ticket's status becomes pending: it waits for an answer."
DELETE_HELP = "Stages a ticket's last event when it is deleted through the trouble ticket API."


@react_to("incident.opened", rule=ON_CREATE, table="incident", help=CREATE_HELP, order=15)
def on_opened(event: DomainEvent) -> None:
    stage_incident(event.record_id, CREATE, "Ticket created", event.happened_at)


@react_to("incident.state_changed", rule=ON_STATE, table="incident", help=STATE_HELP, order=900)
def on_state(event: DomainEvent) -> None:
    tell_status(event, "incident", [event.record_id])


@react_to("incident.updated", rule=ON_STATE, table="incident", help=STATE_HELP, order=900)
def on_status_alone(event: DomainEvent) -> None:
    if _touches_status(event):
        tell_status(event, "incident", [event.record_id], state_changed=False)


@react_to("incident.updated", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
def on_attribute(event: DomainEvent) -> None:
    labels = [change["label"] for change in event.payload["changes"]]
    fields = ",".join(change["field"] for change in event.payload["changes"])
    text = f"Changed: {', '.join(labels)}"
    stage_incident(event.record_id, ATTRIBUTE, text, event.happened_at, field_path=fields)


@react_to("incident.noted", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
def on_note(event: DomainEvent) -> None:
    """Only customer comments leave the house; work notes never do (R20)."""
    if event.payload["kind"] == IncidentEntry.Kind.COMMENT:
        stage_incident(
            event.record_id, ATTRIBUTE, "Comment added", event.happened_at, field_path="note"
        )


@react_to(
    "incident.impact_changed", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900
)
def on_impact(event: DomainEvent) -> None:
    stage_incident(
        event.record_id, ATTRIBUTE, "Impact changed", event.happened_at, field_path="relatedEntity"
    )


@react_to("cases.raised", rule=ON_CASE, table="case", help=CASE_HELP, order=900)
def on_cases_raised(event: DomainEvent) -> None:
    ids = list(event.payload["case_ids"])
    if event.payload["major_created"]:
        ids.insert(0, event.payload["major_id"])
    stage_cases(ids, CREATE, "Case created", event.happened_at)


@react_to("case.opened", rule=ON_CASE, table="case", help=CASE_HELP, order=900)
def on_case_opened(event: DomainEvent) -> None:
    stage_cases([event.record_id], CREATE, "Case created", event.happened_at)


@react_to("case.state_changed", rule=ON_STATE, table="incident", help=STATE_HELP, order=900)
@react_to("cases.resolved", rule=ON_STATE, table="incident", help=STATE_HELP, order=900)
def on_case_state(event: DomainEvent) -> None:
    tell_status(event, "case", _cases_of(event))


@react_to("case.updated", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
def on_case_updated(event: DomainEvent) -> None:
    fields = ",".join(change["field"] for change in event.payload["changes"])
    stage_cases(
        [event.record_id], ATTRIBUTE, "Attributes changed", event.happened_at, field_path=fields
    )


@react_to("case.noted", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
def on_case_note(event: DomainEvent) -> None:
    if event.payload["kind"] == CaseEntry.Kind.COMMENT:
        stage_cases([event.record_id], ATTRIBUTE, "Comment added", event.happened_at, "note")


@react_to("cases.updated", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
@react_to("cases.notified", rule=ON_ATTRIBUTE, table="incident", help=ATTRIBUTE_HELP, order=900)
def on_cases_updated(event: DomainEvent) -> None:
    path = "note" if event.name == "cases.notified" else "resolution"
    stage_cases(event.payload["case_ids"], ATTRIBUTE, "Attributes changed", event.happened_at, path)


@react_to(
    "incident.updated", rule=ON_INFORMATION, table="incident", help=INFORMATION_HELP, order=901
)
@react_to(
    "incident.state_changed",
    rule=ON_INFORMATION,
    table="incident",
    help=INFORMATION_HELP,
    order=901,
)
def on_information_required(event: DomainEvent) -> None:
    if event.name != "incident.updated" or _touches_status(event):
        tell_information_required(event, "incident", [event.record_id])


@react_to(
    "case.state_changed", rule=ON_INFORMATION, table="incident", help=INFORMATION_HELP, order=901
)
def on_case_information_required(event: DomainEvent) -> None:
    tell_information_required(event, "case", _cases_of(event))


@react_to(
    "incident.state_changed", rule=ON_RESOLVED, table="incident", help=RESOLVED_HELP, order=901
)
def on_resolved(event: DomainEvent) -> None:
    tell_resolved(event, "incident", [event.record_id])


@react_to("case.state_changed", rule=ON_RESOLVED, table="incident", help=RESOLVED_HELP, order=901)
@react_to("cases.resolved", rule=ON_RESOLVED, table="incident", help=RESOLVED_HELP, order=901)
def on_case_resolved(event: DomainEvent) -> None:
    tell_resolved(event, "case", _cases_of(event))


@react_to("incident.deleted", rule=ON_DELETE, table="incident", help=DELETE_HELP, order=900)
def on_deleted(event: DomainEvent) -> None:
    stage_incident(event.record_id, DELETE, "Ticket deleted", event.happened_at)


@react_to("case.deleted", rule=ON_DELETE, table="incident", help=DELETE_HELP, order=900)
def on_case_deleted(event: DomainEvent) -> None:
    stage_cases([event.record_id], DELETE, "Ticket deleted", event.happened_at)


def _touches_status(event: DomainEvent) -> bool:
    return any(change["field"] in STATUS_FIELDS for change in event.payload["changes"])


def _cases_of(event: DomainEvent) -> list[int]:
    return list(event.payload.get("case_ids", [event.record_id]))


CUSTOMER_MAIL = "Inform customers by mail"
CUSTOMER_HELP = "Mails the primary contact of each case when it is raised, noted or resolved."


@react_to("cases.raised", rule=CUSTOMER_MAIL, table="case", help=CUSTOMER_HELP)
def mail_raised(event: DomainEvent) -> None:
    mails.mail_raised_cases(event)


@react_to("cases.notified", rule=CUSTOMER_MAIL, table="case", help=CUSTOMER_HELP)
def mail_notified(event: DomainEvent) -> None:
    mails.mail_notice(event)


@react_to("cases.resolved", rule=CUSTOMER_MAIL, table="case", help=CUSTOMER_HELP)
def mail_resolved(event: DomainEvent) -> None:
    mails.mail_solution(event, event.payload["case_ids"])


@react_to("case.state_changed", rule=CUSTOMER_MAIL, table="case", help=CUSTOMER_HELP)
def mail_single_resolved(event: DomainEvent) -> None:
    if event.payload["new"] == "resolved":
        mails.mail_solution(event, [event.record_id])


@react_to(
    "cases.raised",
    rule="Inform major issue managers",
    table="case",
    help="Tells everybody with the role major issue manager that a major case was raised (R105).",
)
def tell_major_issue_managers(event: DomainEvent) -> None:
    if event.payload["major_created"]:
        mails.tell_major_issue_managers(event)


@react_to(
    "incident.major_proposed",
    rule="Inform major issue managers of proposals",
    table="incident",
    help="Tells the major issue managers of the incident's domain that it may be a major one.",
)
def tell_of_proposal(event: DomainEvent) -> None:
    mails.tell_of_proposal(event)


@react_to(
    "incident.escalated",
    rule="Inform the assignment group",
    table="incident",
    help="Tells the members of the group an incident was handed to.",
)
def tell_group(event: DomainEvent) -> None:
    mails.tell_group(event)


CALLED = "Inform who a subflow calls"
CALLED_HELP = "Tells the members of a group or the holders of a role that a subflow names."


@react_to("incident.group_called", rule=CALLED, table="incident", help=CALLED_HELP)
@react_to("incident.role_called", rule=CALLED, table="incident", help=CALLED_HELP)
def tell_called(event: DomainEvent) -> None:
    mails.tell_called(event)


JOB_NOTICE = "Tell who asked that long work is over"


@react_to(
    "job.ended",
    rule=JOB_NOTICE,
    table="job",
    help="Puts a notice into the inbox of who started a job when it is over, however it ended.",
)
def tell_starter(event: DomainEvent) -> None:
    inbox.tell_starter(event)
