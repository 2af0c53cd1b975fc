"""The preview of a row: key facts, the last entries, what can be done."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.models import User
from workspace.lists.address import read_address
from workspace.lists.definition import Column, ListPage, Row
from workspace.lists.paging import count_in, in_order

ENTRIES = 3


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the preview; `post` sends at once, else a dialog opens."""

    label: str
    url: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What the side of a list shows of one row."""

    number: str
    url: str
    row: Row
    columns: tuple[Column, ...]
    entries: list[Any]
    acts: list[Act]
    edits: list[Act]


# list: label, address, permission, whether it is sent at once
ACTS = {
    "incidents": (
        ("Assign to me", "incident_assign_me", "incidents.change_incident", True),
        ("Escalate", "incident_escalate", "incidents.escalate_incident", False),
        ("Resolve", "incident_resolve", "incidents.resolve_incident", False),
    ),
    "cases": (("Resolve case", "case_resolve", "cases.resolve_case", False),),
}


def preview_of(page: ListPage, number: str, user: User) -> Preview | None:
    """Return the preview of a record the user may see, None where there is none."""
    columns = tuple(each for each in page.columns if not each.counted or page.counts)
    rows = page.model._default_manager.filter(**{page.url_field: number})
    row = in_order(page, read_address(page, {}), rows, columns).first()
    if row is None:
        return None
    count_in(page, [row])
    record: Any = page.model._default_manager.get(pk=row["id"])
    journal = getattr(record, "journal", None)
    entries = list(journal.order_by("-id")[:ENTRIES]) if journal is not None else []
    return Preview(
        number=number,
        url=reverse(page.url_name, args=[number]) if page.url_name else "",
        row=row,
        columns=columns[1:],
        entries=entries,
        acts=_acts(page, number, user),
        edits=_edits(page, row["id"], user),
    )


def _acts(page: ListPage, number: str, user: User) -> list[Act]:
    return [
        Act(label, reverse(f"workspace:{name}", args=[number]), post)
        for label, name, permission, post in ACTS.get(page.name, ())
        if user.has_perm(permission)
    ]


def _edits(page: ListPage, pk: int, user: User) -> list[Act]:
    return [
        Act(
            f"Change {column.label.lower()}",
            reverse("workspace:list_edit", args=[page.name, pk, column.key]),
        )
        for column in page.columns
        if column.edit and user.has_perm(column.edit)
    ]
