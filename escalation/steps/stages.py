"""Steps that move an incident from one level to the next."""

from dataclasses import dataclass

from core.actor import actor_from
from escalation.context import Context
from escalation.registry import NoOptions, option, step
from escalation.steps import offered
from incidents import actions
from incidents.choices import Stage, TaskState

FROM_THE_TABLE = "the group the decision table names"


@dataclass(frozen=True, slots=True)
class ToGroup:
    group: str = option(
        label="Assignment group",
        help="The group of the decision table's row wins over this one (R63).",
        default="",
        choices=offered.groups,
    )

    def words(self) -> dict[str, str]:
        return {"group": self.group or FROM_THE_TABLE}


@dataclass(frozen=True, slots=True)
class ToStage:
    stage: str = option(label="Stage", choices=offered.stages)

    def __post_init__(self) -> None:
        if self.stage not in Stage.values or not self.stage:
            raise ValueError(f"{self.stage!r} is no stage.")

    def words(self) -> dict[str, str]:
        return {"stage": str(Stage(self.stage).label)}


@dataclass(frozen=True, slots=True)
class CloseAs:
    close_as: str = option(
        label="Close it as",
        default=TaskState.CLOSED_COMPLETE.value,
        choices=offered.task_states,
    )

    def __post_init__(self) -> None:
        if self.close_as not in TaskState.values:
            raise ValueError(f"{self.close_as!r} is no task state.")


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


@step("hand_over", label="Hand over to {group}", options=ToGroup, title="Hand over to a group")
def hand_over(context: Context, options: ToGroup) -> str:
    """Give the incident to the decided group; nobody is assigned any more (R51, R56, R18)."""
    group = context.group(options.group)
    values = {"assignment_group": group, "assigned_to": None}
    actions.set_by_workflow(
        incident=context.incident, values=values, by=context.by, now=context.now, act=context.act
    )
    return f"Handed over to {group}."


@step("enter_stage", label="Enter the stage {stage}", options=ToStage, title="Enter a stage")
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


@step("wait_for_next_stage", label="Wait for the next stage")
def wait_for_next_stage(context: Context, options: NoOptions) -> str:
    """End here until somebody escalates, or until the time under Escalate after has passed."""
    minutes = context.run.plan.get("escalate_after")
    if minutes:
        return f"Waiting for the next stage; after {minutes} minutes psew escalates by itself."
    return "Waiting until somebody escalates."
