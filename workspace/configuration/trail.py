"""What work on the demo's incidents left behind: tasks per stage, impact, and their streams."""

from collections.abc import Iterator
from datetime import datetime

from cmdb.queries import Impact, impact_of
from core.actor import SYSTEM, Actor, actor_of
from incidents.choices import LADDER, Stage, TaskState
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    ImpactedService,
    Incident,
    IncidentEntry,
    IncidentTask,
)
from workspace.configuration.scene import Scene

Kind = IncidentEntry.Kind
# The stage in which each team works; an incident went through all stages up to its own.
STAGE_OF = {
    "Network Coordinators": Stage.TRIAGE,
    "L1 Network Engineering": Stage.L1,
    "L2 Network Engineering": Stage.L2,
    "L3 Network Engineering": Stage.L3,
}
FIRST_TASK = 1001


def load_trails(scene: Scene) -> None:
    """Give every demo incident its stream, and those on the network their tasks and impact."""
    related = ("assignment_group", "assigned_to", "caller")
    incidents = Incident.unscoped.filter(domain=scene.domain).select_related(*related)
    ordered = list(incidents.order_by("opened_at", "pk"))
    _load_tasks(scene, ordered)
    _load_impact(ordered, scene.now)
    IncidentEntry.objects.bulk_create(e for incident in ordered for e in _stream(incident))


def _load_tasks(scene: Scene, incidents: list[Incident]) -> None:
    groups = scene.groups()
    tasks = [task for incident in incidents for task in _tasks(incident, groups.ids)]
    for number, task in enumerate(tasks, start=FIRST_TASK):
        task.number = f"INCTASK{number:07d}"
    IncidentTask.unscoped.bulk_create(tasks)


def _tasks(incident: Incident, groups: dict[str, int]) -> Iterator[IncidentTask]:
    stages = _stages(incident)
    ended = incident.resolved_at or incident.opened_at
    step = (ended - incident.opened_at) / max(len(stages), 1)
    teams = {stage: group for group, stage in STAGE_OF.items()}
    for n, stage in enumerate(stages):
        last = stage == stages[-1]
        done = not (last and incident.is_open)
        closed_at = incident.opened_at + step * (n + 1) if done else None
        yield IncidentTask(
            domain_id=incident.domain_id,
            incident=incident,
            stage=stage,
            state=TaskState.CLOSED_COMPLETE if done else TaskState.WORK_IN_PROGRESS,
            short_description=incident.short_description,
            description=incident.description,
            priority=incident.priority,
            ci_id=incident.ci_id,
            assignment_group_id=groups[teams[stage]],
            assigned_to=incident.assigned_to if last else None,
            opened_at=incident.opened_at + step * n,
            updated_at=closed_at or incident.updated_at,
            closed_at=closed_at,
            close_notes=incident.resolution_notes if last and done else "Handed over.",
        )


def _stages(incident: Incident) -> list[Stage]:
    """Return the stages the incident went through; none without a stage."""
    if not incident.stage or incident.assignment_group is None:
        return []
    reached = STAGE_OF.get(incident.assignment_group.name, Stage.TRIAGE)
    return list(LADDER[: LADDER.index(reached) + 1])


def _load_impact(incidents: list[Incident], now: datetime) -> None:
    hit = [(i, i.ci_id) for i in incidents if i.ci_id is not None]
    found: dict[int, Impact] = {ci: impact_of(ci_ids=[ci]) for ci in {ci for _, ci in hit}}
    AffectedCI.objects.bulk_create(AffectedCI(incident=i, ci_id=ci) for i, ci in hit)
    ImpactedService.objects.bulk_create(
        ImpactedService(incident=i, service_id=service.id, path=list(service.path))
        for i, ci in hit
        for service in found[ci].services
    )
    AffectedAccount.objects.bulk_create(
        AffectedAccount(incident=i, account_id=account.account_id, path=list(account.path))
        for i, ci in hit
        for account in found[ci].accounts
    )
    Incident.unscoped.filter(pk__in=[i.pk for i, _ in hit]).update(impact_refreshed_at=now)


def _stream(incident: Incident) -> Iterator[IncidentEntry]:
    opened = incident.opened_at
    yield _entry(incident, Kind.SYSTEM, _opening(incident), SYSTEM, opened, Stage.NONE)
    if incident.assignment_group is not None:
        text = f"Assigned to {incident.assignment_group}."
        yield _entry(incident, Kind.SYSTEM, text, SYSTEM, opened, Stage.NONE)
    if incident.resolved_at is not None:
        by = actor_of(incident.assigned_to) if incident.assigned_to else SYSTEM
        notes = incident.resolution_notes
        yield _entry(
            incident, Kind.WORK_NOTE, notes, by, incident.resolved_at, Stage(incident.stage)
        )


def _opening(incident: Incident) -> str:
    reporter = f", reported by {incident.caller}" if incident.caller else ""
    return f"Incident opened ({incident.get_origin_display()}{reporter})."


def _entry(
    incident: Incident, kind: str, text: str, by: Actor, at: datetime, stage: Stage
) -> IncidentEntry:
    return IncidentEntry(
        incident=incident,
        kind=kind,
        text=text,
        stage=stage,
        actor_kind=by.kind,
        actor_name=by.name,
        user_id=by.user_id,
        created_at=at,
    )
