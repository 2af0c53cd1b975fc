"""The stages of an incident: time spent, who works there, and what decided the current one."""

from datetime import datetime

from django.urls import reverse

from escalation.models import Run
from incidents.choices import LADDER, Stage
from incidents.models import Incident, IncidentTask
from workspace.parts import Step
from workspace.words import duration

# An incident that goes up and down more often than this shows its latest runs.
LOOKED_AT = 20


def stage_runs(incident: Incident) -> list[Run]:
    """Return the planned and finished runs that move the incident, newest first."""
    states = [Run.State.PLANNED, Run.State.DONE]
    runs = Run.objects.filter(incident=incident, kind=Run.Kind.STAGE, state__in=states)
    return list(runs.select_related("subflow").order_by("-pk")[:LOOKED_AT])


def reached_by(runs: list[Run], incident: Incident) -> Run | None:
    """Return the run that brought the incident to the stage it is in."""
    done = (run for run in runs if run.state == Run.State.DONE)
    return next((run for run in done if run.plan.get("stage") == incident.stage), None)


def decision_words(run: Run | None) -> str:
    """Return which row decided: "row 7, v12"; nothing where no table was asked."""
    decision = run.plan.get("decision") if run else None
    return f"row {decision['row']}, v{decision['version']}" if decision else ""


def steps_of(incident: Incident, run: Run | None, now: datetime) -> list[Step]:
    """Return the stages with the time spent in each (ux C.2)."""
    if not incident.stage:
        return []
    rows = IncidentTask.objects.filter(incident=incident).exclude(stage="")
    tasks = {t.stage: t for t in rows.select_related("assignment_group").order_by("pk")}
    reached = LADDER.index(Stage(incident.stage))
    page = reverse("workspace:incident", args=[incident.number])
    steps = []
    for index, stage in enumerate(LADDER):
        task = tasks.get(stage)
        if index == reached:
            steps.append(_current(stage, task, incident, run, page, now))
        else:
            # A stage that was jumped over has no task and was not done.
            steps.append(_other(stage, task if index < reached else None, page))
    return steps


def _current(
    stage: Stage,
    task: IncidentTask | None,
    incident: Incident,
    run: Run | None,
    page: str,
    now: datetime,
) -> Step:
    return Step(
        stage.label,
        "current",
        duration((task.closed_at or now) - task.opened_at) if task else "",
        group=str(incident.assignment_group or ""),
        why=decision_words(run),
        why_url=f"{page}#decision",
    )


def _other(stage: Stage, task: IncidentTask | None, page: str) -> Step:
    if task is None:
        return Step(stage.label, "todo")
    spent = duration(task.closed_at - task.opened_at) if task.closed_at else ""
    return Step(
        stage.label,
        "done",
        spent,
        url=f"{page}?of={stage}#activity",
        group=str(task.assignment_group or ""),
    )
