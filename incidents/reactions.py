"""Business rules of incidents and their tasks."""

from core.actor import actor_from, rule_actor
from core.bus import react_to
from core.models import DomainEvent
from incidents import actions
from incidents.choices import State
from incidents.models import Incident, IncidentEntry

SYNC = "Sync to tsm incident task"
ATTENTION = "Set Needs Attention False"
REFRESH = "Refresh Impacted Services"
GROUP = "Populate Assignment Group based on CI/SO"
SYNC_HELP = (
    "Copies title, priority, state, assignment group, assignee and the assigned person's work "
    "notes from an incident to its open task (R67-R70)."
)


@react_to("incident.updated", rule=SYNC, table="incident", help=SYNC_HELP, order=50)
@react_to("incident.state_changed", rule=SYNC, table="incident", help=SYNC_HELP, order=50)
def mirror_incident(event: DomainEvent) -> None:
    incident = Incident.objects.get(pk=event.record_id)
    by = rule_actor(SYNC)
    actions.mirror_to_task(incident=incident, by=by, now=event.happened_at)
    if incident.state in (State.CLOSED, State.CANCELED):
        actions.close_tasks_with_incident(incident=incident, by=by, now=event.happened_at)


@react_to("incident.noted", rule=SYNC, table="incident", help=SYNC_HELP, order=50)
def copy_note(event: DomainEvent) -> None:
    """Copy notes of the assigned people and the workflow's instructions, nobody else's (R70)."""
    entry = IncidentEntry.objects.select_related("incident__assignment_group", "user").get(
        pk=event.payload["entry_id"]
    )
    if entry.kind == IncidentEntry.Kind.INSTRUCTIONS or _is_by_assigned_person(entry):
        actions.copy_note_to_task(entry=entry, now=event.happened_at)


def _is_by_assigned_person(entry: IncidentEntry) -> bool:
    if entry.kind != IncidentEntry.Kind.WORK_NOTE or entry.user is None:
        return False
    group = entry.incident.assignment_group
    return entry.user_id == entry.incident.assigned_to_id or (
        group is not None and group.has_member(entry.user)
    )


ATTENTION_HELP = "Switches Needs attention off when a member of the assignment group saves (R72)."


@react_to("incident.saved", rule=ATTENTION, table="incident", help=ATTENTION_HELP)
@react_to("incident.noted", rule=ATTENTION, table="incident", help=ATTENTION_HELP)
def clear_attention(event: DomainEvent) -> None:
    incident = Incident.objects.select_related("assignment_group").get(pk=event.record_id)
    user = actor_from(event.actor).user
    group = incident.assignment_group
    if incident.needs_attention and group is not None and group.has_member(user):
        actions.clear_attention(
            incident_id=incident.pk, by=rule_actor(ATTENTION), now=event.happened_at
        )


REFRESH_HELP = "Finds services and accounts anew when the configuration item changes (R86)."


@react_to("incident.opened", rule=REFRESH, table="incident", help=REFRESH_HELP, order=20)
@react_to("incident.ci_changed", rule=REFRESH, table="incident", help=REFRESH_HELP, order=20)
def refresh_impact(event: DomainEvent) -> None:
    incident = Incident.objects.get(pk=event.record_id)
    if incident.ci_id is not None or event.name == "incident.ci_changed":
        actions.refresh_impact(
            incident_id=incident.pk, by=rule_actor(REFRESH), now=event.happened_at
        )


@react_to(
    "incident.opened",
    rule=GROUP,
    table="incident",
    order=10,
    help="Fills an empty assignment group from the item, then from the service offering (C.1).",
)
def populate_group(event: DomainEvent) -> None:
    incident = Incident.objects.select_related("ci", "service_offering").get(pk=event.record_id)
    if incident.assignment_group_id or incident.assigned_to_id:
        return
    sources = [incident.ci, incident.service_offering]
    group = next((s.support_group for s in sources if s and s.support_group_id), None)
    if group is not None:
        actions.set_by_workflow(
            incident=incident,
            values={"assignment_group": group},
            by=rule_actor(GROUP),
            now=event.happened_at,
            act="",
        )
