"""The demo's records: the document's incident list (R32), problems, changes, outages, alerts."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Account, Contact, KnowledgeArticle
from changes.models import ChangeRequest, Outage
from cmdb.models import ConfigurationItem
from incidents.models import Alert, Incident, PriorityRule, Problem
from workspace.configuration.scene import Names, Scene
from workspace.configuration.shipped import Entry, entries

FILE = "records"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records refer to."""

    scene: Scene
    items: Names
    accounts: Names
    callers: Names
    groups: Names
    users: Names


def load_story(scene: Scene) -> None:
    """Create the records; no events are told, for all of it has long happened."""
    known = _Known(
        scene=scene,
        items=scene.names(ConfigurationItem),
        accounts=scene.names(Account),
        callers=scene.names(Contact),
        groups=scene.groups(),
        users=scene.users(),
    )
    problems, changes = _load_problems(known), _load_changes(known)
    _load_outages(known, changes)
    _load_alerts(known, _load_incidents(known, problems, changes))
    KnowledgeArticle.unscoped.bulk_create(
        KnowledgeArticle(domain=scene.domain, **entry) for entry in _entries("knowledge_article")
    )


def priorities() -> dict[tuple[int, int], int]:
    """Return the site's priority matrix by impact and urgency (R13)."""
    cells = PriorityRule.objects.filter(active=True)
    return {(i, u): p for i, u, p in cells.values_list("impact", "urgency", "priority")}


def _load_outages(known: _Known, changes: dict[str, int]) -> None:
    scene = known.scene
    Outage.unscoped.bulk_create(
        Outage(
            domain=scene.domain,
            **_plain(entry, "number", "kind", "short_description"),
            ci_id=known.items[entry["ci"]],
            change_id=changes.get(entry["change"]),
            begins_at=scene.ago(entry["begins_minutes_ago"]),
            ends_at=scene.maybe_ago(entry.get("ends_minutes_ago")),
        )
        for entry in _entries("outage")
    )


def _load_problems(known: _Known) -> dict[str, int]:
    rows = [
        Problem(**_record(entry, known), **_plain(entry, "state", "priority"))
        for entry in _entries("problem")
    ]
    return {row.number: row.pk for row in Problem.unscoped.bulk_create(rows)}


def _load_changes(known: _Known) -> dict[str, int]:
    rows = [_change(entry, known) for entry in _entries("change")]
    return {row.number: row.pk for row in ChangeRequest.unscoped.bulk_create(rows)}


def _change(entry: Entry, known: _Known) -> ChangeRequest:
    scene = known.scene
    ended = scene.maybe_ago(entry.get("actual_end_minutes_ago"))
    return ChangeRequest(
        **_record(entry, known),
        **_plain(entry, "kind", "state", "priority", "close_code", "close_notes"),
        planned_start=scene.ago(entry["planned_start_minutes_ago"]),
        planned_end=scene.ago(entry["planned_end_minutes_ago"]),
        actual_end=ended,
        closed_at=ended if entry["state"] == "closed" else None,
    )


def _load_incidents(
    known: _Known, problems: dict[str, int], changes: dict[str, int]
) -> dict[str, int]:
    scene, matrix = known.scene, priorities()
    plain = (
        *("channel", "impact", "urgency", "state", "stage", "category", "subcategory"),
        *("needs_attention", "origin", "resolution_code", "resolution_notes", "probable_cause"),
    )
    rows = [
        Incident(
            **_record(entry, known),
            **_plain(entry, *plain),
            priority=matrix.get((entry["impact"], entry["urgency"]), 4),
            caller_id=known.callers.maybe(entry["caller"]),
            service_id=known.items.maybe(entry["service"]),
            problem_id=problems.get(entry["problem"]),
            caused_by_change_id=changes.get(entry["caused_by_change"]),
            resolved_at=scene.maybe_ago(entry.get("resolved_minutes_ago")),
            closed_at=scene.maybe_ago(entry.get("closed_minutes_ago")),
        )
        for entry in _entries("incident")
    ]
    return {row.number: row.pk for row in Incident.unscoped.bulk_create(rows)}


def _load_alerts(known: _Known, incidents: dict[str, int]) -> None:
    scene = known.scene
    Alert.unscoped.bulk_create(
        Alert(
            domain=scene.domain,
            **_plain(entry, "number", "short_description", "severity", "source", "dedup_key"),
            ci_id=known.items.maybe(entry["ci"]),
            incident_id=incidents.get(entry["incident"]),
            raised_at=scene.ago(entry["raised_minutes_ago"]),
            cleared_at=scene.maybe_ago(entry.get("cleared_minutes_ago")),
        )
        for entry in _entries("alert")
    )


def _record(entry: Entry, known: _Known) -> dict[str, Any]:
    """Return what all numbered records have in common; the last step dates the last change."""
    steps = ("opened", "actual_end", "resolved", "closed")
    minutes = [entry[f"{step}_minutes_ago"] for step in steps if f"{step}_minutes_ago" in entry]
    return {
        "domain": known.scene.domain,
        **_plain(entry, "number", "short_description", "description"),
        "ci_id": known.items.maybe(entry["ci"]),
        "account_id": known.accounts.maybe(entry["account"]),
        "assignment_group_id": known.groups.maybe(entry["group"]),
        "assigned_to_id": known.users.maybe(entry["assigned_to"]),
        "opened_at": known.scene.ago(entry["opened_minutes_ago"]),
        "updated_at": known.scene.ago(min(minutes)),
    }


def _plain(entry: Entry, *keys: str) -> dict[str, Any]:
    return {key: entry[key] for key in keys}


def _entries(kind: str) -> list[Entry]:
    return entries("demo", FILE, kind)
