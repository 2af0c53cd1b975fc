"""Everything one can do to an incident; each verb is one transaction."""

from incidents.actions.impact import (
    add_affected_account,
    add_affected_ci,
    exclude_account,
    refresh_impact,
    remove_affected_ci,
)
from incidents.actions.linking import link_duplicate, link_related
from incidents.actions.major import propose_major
from incidents.actions.notes import add_comment, add_system_note, add_work_note
from incidents.actions.opening import open_incident
from incidents.actions.related import open_problem, open_work_order
from incidents.actions.runbook import tick_line
from incidents.actions.tasks import (
    add_task_note,
    close_stage_task,
    close_tasks_with_incident,
    copy_note_to_task,
    mirror_to_task,
    open_stage_task,
    update_task,
)
from incidents.actions.updating import (
    clear_attention,
    enter_stage,
    link_cause,
    resolve_incident,
    set_by_workflow,
    update_incident,
)
from incidents.actions.watching import unwatch, watch

__all__ = [
    "add_affected_account",
    "add_affected_ci",
    "add_comment",
    "add_system_note",
    "add_task_note",
    "add_work_note",
    "clear_attention",
    "close_stage_task",
    "close_tasks_with_incident",
    "copy_note_to_task",
    "enter_stage",
    "exclude_account",
    "link_cause",
    "link_duplicate",
    "link_related",
    "mirror_to_task",
    "open_incident",
    "open_problem",
    "open_stage_task",
    "open_work_order",
    "propose_major",
    "refresh_impact",
    "remove_affected_ci",
    "resolve_incident",
    "set_by_workflow",
    "tick_line",
    "unwatch",
    "update_incident",
    "update_task",
    "watch",
]
