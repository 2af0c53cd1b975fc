"""Business rules that start, resume and carry out subflows."""

from django.utils import timezone

from core.actor import SYSTEM, actor_from
from core.bus import ASYNC, react_to
from core.models import DomainEvent
from escalation import actions, waiting
from incidents.choices import State

START = "Start network workflows"
START_HELP = "Starts the flow of an incident's category and sub category (R43, R48)."


@react_to("incident.opened", rule=START, table="incident", when=ASYNC, help=START_HELP)
def start_flow(event: DomainEvent) -> None:
    actions.start_flow(incident_id=event.record_id, by=SYSTEM, now=timezone.now())


@react_to("incident.updated", rule=START, table="incident", when=ASYNC, help=START_HELP)
def start_flow_later(event: DomainEvent) -> None:
    """An incident may get its category after it was opened."""
    fields = {change["field"] for change in event.payload.get("changes", [])}
    if fields & {"category", "subcategory"}:
        actions.start_flow(incident_id=event.record_id, by=SYSTEM, now=timezone.now())


@react_to(
    "run.planned",
    rule="Carry out planned subflows",
    table="run",
    when=ASYNC,
    help="A worker carries out what Escalate planned, whole or not at all (R51).",
)
def carry_out(event: DomainEvent) -> None:
    actions.carry_out(run_id=event.payload["run_id"], now=timezone.now())


@react_to(
    "incident.resolved",
    rule="Enter the Resolution stage",
    table="incident",
    when=ASYNC,
    help="Runs the Resolution subflow of a resolved incident (R45, X7).",
)
def enter_resolution(event: DomainEvent) -> None:
    actions.enter_resolution(
        incident_id=event.record_id, by=actor_from(event.actor), now=timezone.now()
    )


@react_to(
    "incident.reopened",
    rule="Resume the workflow of a reopened incident",
    table="incident",
    when=ASYNC,
    help="Sends a reopened incident back to the stage it was resolved from.",
)
def resume(event: DomainEvent) -> None:
    actions.resume(incident_id=event.record_id, by=actor_from(event.actor), now=timezone.now())


@react_to(
    "incident.state_changed",
    rule="Begin waiting anew after a hold",
    table="incident",
    help="The time under Escalate after begins anew when an incident is no longer on hold.",
)
def wait_anew(event: DomainEvent) -> None:
    if event.payload["old"] == State.ON_HOLD:
        waiting.wait_anew(incident_id=event.record_id, now=event.happened_at)
