"""Business rules between incidents and cases."""

from cases import actions
from cases.models import CaseEntry
from core.actor import actor_from, rule_actor
from core.bus import react_to
from core.models import DomainEvent
from incidents.models import Incident, IncidentEntry

COPY_DOWN = "Resolve related cases with the incident"
REPLY = "Copy customer replies to the incident"
FAN_OUT = "Update case worknote for comments change"


@react_to(
    "incident.resolved",
    rule=COPY_DOWN,
    table="incident",
    help="Copies code, notes and probable cause to the cases; resolves them where no major case "
    "exists (R110-R113).",
)
def copy_down(event: DomainEvent) -> None:
    incident = Incident.objects.get(pk=event.record_id)
    actions.resolve_with_incident(
        incident=incident, by=actor_from(event.actor), now=event.happened_at
    )


@react_to(
    "case.noted",
    rule=REPLY,
    table="case",
    help="Copies what a customer writes on a case to its incident, once (R120).",
)
def copy_reply(event: DomainEvent) -> None:
    if event.payload["from_customer"]:
        entry = CaseEntry.objects.select_related("case__account", "contact").get(
            pk=event.payload["entry_id"]
        )
        actions.copy_reply_to_incident(entry=entry, now=event.happened_at)


@react_to(
    "incident.noted",
    rule=FAN_OUT,
    table="incident",
    active=False,
    help="Copies customer comments of an incident to the work notes of all its cases. Ships "
    "switched off: with it on, one customer's words lie on every other customer's case (X4).",
)
def fan_out(event: DomainEvent) -> None:
    if event.payload["kind"] == IncidentEntry.Kind.COMMENT:
        entry = IncidentEntry.objects.get(pk=event.payload["entry_id"])
        actions.fan_out_comment(entry=entry, by=rule_actor(FAN_OUT), now=event.happened_at)
