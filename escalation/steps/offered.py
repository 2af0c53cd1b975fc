"""What the options of steps offer to choose from."""

from core.models import AssignmentGroup
from escalation.models import Message, Subflow
from escalation.registry import Choices
from incidents.choices import Stage, TaskState


def groups() -> Choices:
    """Return the active groups by name."""
    names = AssignmentGroup.objects.filter(active=True).order_by("name")
    return [(name, name) for name in names.values_list("name", flat=True)]


def stages() -> Choices:
    """Return the stages of the ladder."""
    return [(stage.value, str(stage.label)) for stage in Stage if stage.value]


def task_states() -> Choices:
    """Return the states a task may be closed in."""
    return [(s.value, str(s.label)) for s in TaskState if s.value.startswith("closed")]


def message_keys() -> Choices:
    """Return the keys of all messages once each."""
    keys = Message.objects.order_by("key").values_list("key", flat=True).distinct()
    return [(key, key) for key in keys]


def subflow_keys() -> Choices:
    """Return all subflows by name."""
    return list(Subflow.objects.order_by("name").values_list("key", "name"))
