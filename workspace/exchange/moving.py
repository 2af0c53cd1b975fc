"""Write a whole configuration out, and bring one in: nothing or all of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from cases.models import CaseFieldMap
from core.errors import Refused
from core.models import AssignmentGroup
from core.scope import everything
from escalation.models import Flow
from incidents.models import Category, IncidentState, PriorityRule, StateTransition, Subcategory
from tmf621.models import StatusTransition
from workspace.exchange.files import read_kind, write_kind
from workspace.exchange.kinds import Act, BadImport, Kind, PlainRows
from workspace.exchange.rules import Messages, Subflows, Tables, called_first
from workspace.exchange.settings import Properties, Roles, Rules

# What a kind names stands before it.
KINDS: tuple[Kind, ...] = (
    PlainRows("categories", Category, ("value",)),
    PlainRows("subcategories", Subcategory, ("category", "value")),
    PlainRows("priorities", PriorityRule, ("impact", "urgency")),
    PlainRows("incident_states", IncidentState, ("value",)),
    PlainRows("state_transitions", StateTransition, ("source", "target")),
    PlainRows("ticket_transitions", StatusTransition, ("source", "target")),
    PlainRows("case_fields", CaseFieldMap, ("case_field",)),
    Roles(),
    PlainRows("groups", AssignmentGroup, ("name",), many=("roles",)),
    Properties(),
    Rules(),
    Messages(),
    Subflows(),
    Tables(),
    PlainRows("flows", Flow, ("category", "subcategory")),
)


class _Enough(Exception):
    """Leaves the transaction of a check."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an import changes: a new row, or the fields of one that is there."""

    kind: str
    key: str
    fields: tuple[str, ...] = ()
    is_new: bool = False

    def __str__(self) -> str:
        what = "new" if self.is_new else f"changes {', '.join(self.fields) or 'the text'}"
        return f"{self.kind} {self.key}: {what}"


def export_to(folder: Path) -> dict[str, int]:
    """Write the site's configuration below the folder; out: how many rows of each kind."""
    with everything():
        return {kind.name: write_kind(folder, kind) for kind in KINDS}


def import_from(folder: Path, *, act: Act, check: bool = False) -> list[Change]:
    """Bring a configuration in, or only say what that would change.

    Rows that only this site has stay. Safe to run twice: the second time nothing is changed.
    Errors: `BadImport` with the file's row and the reason; then nothing at all is changed.
    """
    changes: list[Change] = []
    try:
        with everything(), transaction.atomic():
            for kind in KINDS:
                changes += _bring_in(kind, read_kind(folder, kind), act)
            if check:
                raise _Enough
    except _Enough:
        pass
    return changes


def _bring_in(kind: Kind, wanted: dict[str, Any], act: Act) -> Iterator[Change]:
    there = kind.rows()
    keys = called_first(wanted) if kind.name == "subflows" else sorted(wanted)
    for key in keys:
        value = wanted[key]
        change = _difference(kind.name, key, there.get(key), value)
        if change is None:
            continue
        try:
            with transaction.atomic():
                kind.put(key, value, act)
        except (BadImport, Refused, IntegrityError, KeyError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__} {error}" if isinstance(error, KeyError) else error
            raise BadImport(f"{kind.name} {key}: {reason}") from error
        yield change


def _difference(kind: str, key: str, old: Any, new: Any) -> Change | None:
    if old is None:
        return Change(kind, key, is_new=True)
    if isinstance(old, str) or isinstance(new, str):
        return None if str(old).strip() == str(new).strip() else Change(kind, key)
    fields = sorted(n for n in {*old, *new} if old.get(n) != new.get(n, old.get(n)))
    return Change(kind, key, tuple(fields)) if fields else None
