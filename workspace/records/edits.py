"""Facts of a head that are changed where they stand, by the form of their cell in the list."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse

from core.models import User
from workspace.lists.registry import list_page
from workspace.records.head import Fact

# fact: the list's column, and the key that opens its form (ux C.10)
COLUMNS = {
    "Priority": ("priority", "p"),
    "State": ("state", "s"),
    "Group": ("group", ""),
    "Assigned to": ("assignee", ""),
}


def editable(
    facts: Iterable[Fact], list_name: str, record: Any, user: User, *, is_open: bool
) -> list[Fact]:
    """Return the facts; of an open record those the user may change lead to the list's form."""
    if not is_open:
        return list(facts)
    return [_editable(fact, list_name, record, user) for fact in facts]


def _editable(fact: Fact, list_name: str, record: Any, user: User) -> Fact:
    key, shortcut = COLUMNS.get(fact.label, ("", ""))
    column = list_page(list_name).column(key) if key else None
    if column is None or not column.edit or not user.has_perm(column.edit):
        return fact
    address = reverse("workspace:list_edit", args=[list_name, record.pk, key])
    return replace(fact, edit=f"{address}?to=record", shortcut=shortcut)
