"""Everything one can do to cases; each verb is one transaction."""

from cases.actions.editing import accept_solution, open_case, reject_solution, update_case
from cases.actions.generating import Generated, generate_cases
from cases.actions.notices import take_back, write_notice
from cases.actions.resolving import copy_down, resolve_case, resolve_with_incident
from cases.actions.talking import (
    add_comment,
    add_work_note,
    copy_reply_to_incident,
    fan_out_comment,
    notify_customers,
)

__all__ = [
    "Generated",
    "accept_solution",
    "add_comment",
    "add_work_note",
    "copy_down",
    "copy_reply_to_incident",
    "fan_out_comment",
    "generate_cases",
    "notify_customers",
    "open_case",
    "reject_solution",
    "resolve_case",
    "resolve_with_incident",
    "take_back",
    "update_case",
    "write_notice",
]
