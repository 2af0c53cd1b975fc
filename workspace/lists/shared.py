"""Columns and fields that several lists share."""

from typing import Any

from core.models import Priority
from workspace.lists.definition import Column, Field


def labels_of(choices: list[tuple[Any, Any]]) -> dict[str, str]:
    """Return what people read for every stored value."""
    return {str(value): str(label) for value, label in choices}


def state_column(choices: list[tuple[Any, Any]], edit: str = "") -> Column:
    """Return the State column of a list."""
    return Column(
        "state", "State", "state", ("state",), sort="state", labels=labels_of(choices), edit=edit
    )


def choice(key: str, label: str, choices: list[tuple[Any, Any]], path: str = "") -> Field:
    """Return a field with a fixed choice of values."""
    return Field(key, label, "choice", path or key, choices=labels_of(choices))


NUMBER = Column("number", "Number", "number", ("number", "priority"), sort="number")
SHORT = Column("short_description", "Short description", "text", ("short_description",))
PRIORITY = Column("priority", "Priority", "priority", ("priority",), sort="priority")
GROUP = Column("group", "Assignment group", "ref", ("assignment_group__name",))
OPENED = Column("opened", "Opened", "when", ("opened_at",), sort="opened_at", minor=True)
UPDATED = Column("updated", "Updated", "when", ("updated_at",), spare=True, minor=True)

BY_NUMBER = Field("number", "Number", "text", "number")
BY_TITLE = Field("title", "Short description", "text", "short_description")
BY_PRIORITY = Field("priority", "Priority", "number", "priority", labels_of(Priority.choices))
BY_GROUP = Field("group", "Assignment group", "ref", "assignment_group__name")
BY_ASSIGNEE = Field("assignee", "Assigned to", "ref", "assigned_to__username", people=True)
BY_OPENED = Field("opened", "Opened", "moment", "opened_at")
BY_UPDATED = Field("updated", "Updated", "moment", "updated_at")
BY_ACCOUNT = Field("account", "Account", "ref", "account__number")
BY_ACCOUNT_NAME = Field("account_name", "Account name", "ref", "account__name")
BY_CI = Field("ci", "Configuration item", "uid", "ci__uid")
BY_CI_NAME = Field("ci_name", "Name of the item", "ref", "ci__name")
