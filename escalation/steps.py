"""The steps of a stage subflow; upper apps register theirs with the same decorator."""

from dataclasses import dataclass

from core.actor import actor_from
from escalation.context import Context
from escalation.messages import facts_of
from escalation.placeholders import fill
from escalation.registry import NoOptions, step
from incidents import actions
from incidents.choices import Stage, TaskState
from incidents.models import IncidentEntry

__all__ = ["Context", "NoOptions", "step"]


@dataclass(frozen=True, slots=True)
class ToGroup:
    group: str = ""


@dataclass(frozen=True, slots=True)
class ToStage:
    stage: str

    def __post_init__(self) -> None:
        if self.stage not in Stage.values or not self.stage:
            raise ValueError(f"{self.stage!r} is no stage.")

    def words(self) -> dict[str, str]:
        return {"stage": str(Stage(self.stage).label)}


@dataclass(frozen=True, slots=True)
class CloseAs:
    close_as: str = TaskState.CLOSED_COMPLETE.value

    def __post_init__(self) -> None:
        if self.close_as not in TaskState.values:
            raise ValueError(f"{self.close_as!r} is no task state.")


@dataclass(frozen=True, slots=True)
class WithKey:
    key: str = ""


@step("close_open_task", label="Close the open task with the note", options=CloseAs)
def close_open_task(context: Context, options: CloseAs) -> str:
    """Close the former stage's task with the escalation note (R52)."""
    task = actions.close_stage_task(
        incident=context.incident,
        state=options.close_as,
        notes=context.run.notes,
        by=actor_from(context.run.started_by),
        now=context.now,
    )
    return f"Closed {task.number} as {task.get_state_display()}." if task else "No task was open."


@step("hand_over", label="Hand over to {group}", options=ToGroup)
def hand_over(context: Context, options: ToGroup) -> str:
    """Give the incident to the decided group; nobody is assigned any more (R51, R56, R18)."""
    group = context.group(options.group)
    values = {"assignment_group": group, "assigned_to": None}
    actions.set_by_workflow(
        incident=context.incident, values=values, by=context.by, now=context.now, act=context.act
    )
    return f"Handed over to {group}."


@step("enter_stage", label="Enter the stage {stage}", options=ToStage)
def enter_stage(context: Context, options: ToStage) -> str:
    """Move the stage (R55)."""
    actions.enter_stage(
        incident=context.incident,
        stage=options.stage,
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Entered {context.incident.get_stage_display()}."


@step("open_task", label="Open a task, Work in Progress")
def open_task(context: Context, options: NoOptions) -> str:
    """Open the stage's task (R53); one still open is closed, as where a table sends work back."""
    actions.close_stage_task(
        incident=context.incident,
        state=TaskState.CLOSED_COMPLETE.value,
        notes=context.run.notes,
        by=actor_from(context.run.started_by),
        now=context.now,
    )
    task = actions.open_stage_task(incident=context.incident, by=context.by, now=context.now)
    return f"Opened {task.number}."


@step("refresh_impact", label="Refresh impacted services and affected accounts")
def refresh_impact(context: Context, options: NoOptions) -> str:
    """Find out whom the incident hits (R86)."""
    diff = actions.refresh_impact(
        incident_id=context.incident.pk, by=context.by, now=context.now, act=context.act
    )
    return diff.sentence()


@step("post_message", label="Post the instructions for this stage", options=WithKey)
def post_message(context: Context, options: WithKey) -> str:
    """Post the message, as it was when the run was planned, to the stream and task (R54, R68)."""
    message = context.run.plan["message"]
    text = fill(message["text"], facts_of(context.incident)) or message["key"]
    actions.add_system_note(
        incident_id=context.incident.pk,
        text=text,
        kind=IncidentEntry.Kind.INSTRUCTIONS,
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Posted {message['key']}, version {message['version']}."


@step("needs_attention", label="Switch Needs attention on")
def needs_attention(context: Context, options: NoOptions) -> str:
    """Switch the badge on (R71)."""
    actions.set_by_workflow(
        incident=context.incident,
        values={"needs_attention": True},
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return "Needs attention is on."


@step("notify_group", label="Notify the assignment group")
def notify_group(context: Context, options: NoOptions) -> str:
    """Ask the notifications app to tell the group (it reacts to `incident.handed_over`)."""
    context.results["notify_group"] = str(context.incident.assignment_group)
    return f"{context.incident.assignment_group} is notified."
