"""Values an incident's fields take; labels only, matching is on values (X6)."""

from django.db import models


class Channel(models.TextChoices):
    CHAT = "chat", "Chat"
    EMAIL = "email", "Email"
    PHONE = "phone", "Phone"
    MONITORING = "monitoring", "Monitoring"
    SELF_SERVICE = "self_service", "Self-service"
    VIRTUAL_AGENT = "virtual_agent", "Virtual agent"
    WALK_IN = "walk_in", "Walk-in"


class State(models.TextChoices):
    NEW = "new", "New"
    IN_PROGRESS = "in_progress", "In Progress"
    ON_HOLD = "on_hold", "On Hold"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"
    CANCELED = "canceled", "Canceled"


OPEN_STATES = (State.NEW, State.IN_PROGRESS, State.ON_HOLD)


class HoldReason(models.TextChoices):
    CALLER = "awaiting_caller", "Awaiting Caller"
    CHANGE = "awaiting_change", "Awaiting Change"
    PROBLEM = "awaiting_problem", "Awaiting Problem"
    VENDOR = "awaiting_vendor", "Awaiting Vendor"


class Stage(models.TextChoices):
    NONE = "", "(none)"
    TRIAGE = "triage", "Triage"
    L1 = "l1", "L1 investigation"
    L2 = "l2", "L2 investigation"
    L3 = "l3", "L3 investigation"
    RESOLUTION = "resolution", "Resolution"


# The ladder the stepper shows; Resolution is entered by Resolve only (X7).
LADDER = (Stage.TRIAGE, Stage.L1, Stage.L2, Stage.L3, Stage.RESOLUTION)


class Level(models.IntegerChoices):
    HIGH = 1, "1-High"
    MEDIUM = 2, "2-Medium"
    LOW = 3, "3-Low"


class Origin(models.TextChoices):
    MANUAL = "manual", "Created in the workspace"
    API = "api", "Trouble ticket API"
    ALERT = "alert", "Alert"
    CHANGE = "change", "Change request"
    CASE = "case", "Case"


class ResolutionCode(models.TextChoices):
    PERMANENT = "solved_permanently", "Solved (Permanently)"
    WORKAROUND = "solved_workaround", "Solved (Work Around)"
    REMOTE = "solved_remotely", "Solved Remotely (Permanently)"
    NOT_REPRODUCIBLE = "not_solved_not_reproducible", "Not Solved (Not Reproducible)"
    TOO_COSTLY = "not_solved_too_costly", "Not Solved (Too Costly)"
    BY_CALLER = "closed_by_caller", "Closed/Resolved by Caller"
    # Set by the trouble-ticket API when a client rejects its own ticket.
    REJECTED = "rejected", "Rejected"


class TaskState(models.TextChoices):
    PENDING = "pending", "Pending"
    OPEN = "open", "Open"
    WORK_IN_PROGRESS = "work_in_progress", "Work in Progress"
    CLOSED_COMPLETE = "closed_complete", "Closed Complete"
    CLOSED_INCOMPLETE = "closed_incomplete", "Closed Incomplete"
    CLOSED_SKIPPED = "closed_skipped", "Closed Skipped"


OPEN_TASK_STATES = (TaskState.PENDING, TaskState.OPEN, TaskState.WORK_IN_PROGRESS)

# What the open task's state becomes when the incident's state changes (C.2).
TASK_STATE_OF = {
    State.NEW: TaskState.OPEN,
    State.IN_PROGRESS: TaskState.WORK_IN_PROGRESS,
    State.ON_HOLD: TaskState.PENDING,
    State.RESOLVED: TaskState.CLOSED_COMPLETE,
    State.CLOSED: TaskState.CLOSED_INCOMPLETE,
    State.CANCELED: TaskState.CLOSED_SKIPPED,
}
