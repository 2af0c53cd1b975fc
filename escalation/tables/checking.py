"""Check a version against the site it would decide for: the pure check, fed from the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from core.models import AssignmentGroup
from escalation.decision import Row
from escalation.decision.checking import check
from escalation.decision.findings import Report
from escalation.models import Message, Subflow, TableVersion
from escalation.tables.kinds import CHOICE, GROUP, SUBFLOW, Output, TableKind, kind_of
from escalation.tables.reading import rows_of

Problems = dict[object, str]


def check_version(version: TableVersion) -> Report:
    """Return what is wrong with a version's rows as they are stored."""
    return check_rows(kind_of(version.table.kind), rows_of(version))


def check_rows(kind: TableKind, rows: Sequence[Row]) -> Report:
    """Return what is wrong with rows of a kind, stored or only typed."""
    return check(
        rows,
        kind.columns(),
        ladder=kind.ladder(rows) if kind.ladder else None,
        problems=problems_of(kind, rows),
        hit_policy=kind.hit_policy,
    )


def problems_of(kind: TableKind, rows: Sequence[Row]) -> Mapping[int, list[str]]:
    """Say by row which results do not work: missing, switched off, without text or members."""
    found: dict[int, list[str]] = {}
    for output in kind.outputs:
        wrong = _wrong(output, {row.outputs.get(output.key) for row in rows})
        for row in rows:
            sentence = wrong.get(row.outputs.get(output.key))
            if sentence:
                found.setdefault(row.position, []).append(sentence)
    return found


def _wrong(output: Output, named: set[object]) -> Problems:
    """Return what is wrong with each value named, by value."""
    given = [value for value in named if value not in (None, "")]
    known = _SOURCES[output.type](output, given)
    missing = {value: f"{output.label} {value!r} does not exist." for value in named}
    missing |= dict.fromkeys((None, ""), f"{output.label} is missing.")
    return {value: known.get(value, missing[value]) for value in named}


def _groups(_: Output, ids: Sequence[Any]) -> Problems:
    members = Count("members", filter=Q(members__is_active=True))
    groups = AssignmentGroup.objects.filter(pk__in=ids).annotate(people=members)
    return {group.pk: _group_problem(group, group.people) for group in groups}


def _group_problem(group: AssignmentGroup, people: int) -> str:
    if not group.active:
        return f"{group} is switched off."
    return "" if people else f"{group} has no members."


def _subflows(_: Output, ids: Sequence[Any]) -> Problems:
    subflows = list(Subflow.objects.filter(pk__in=ids))
    keys = {subflow.message_key.lower() for subflow in subflows}
    texts = {key.lower() for key in Message.objects.values_list("key", flat=True)} & keys
    return {each.pk: _subflow_problem(each, texts) for each in subflows}


def _subflow_problem(subflow: Subflow, texts: set[str]) -> str:
    if not subflow.active:
        return f"{subflow} is switched off."
    if not subflow.message_key:
        return ""
    known = subflow.message_key.lower() in texts
    return "" if known else f"{subflow} posts {subflow.message_key}, a message that is missing."


def _choices(output: Output, _: Sequence[Any]) -> Problems:
    return {choice.value: "" for choice in output.choices()}


_SOURCES = {GROUP: _groups, SUBFLOW: _subflows, CHOICE: _choices}
