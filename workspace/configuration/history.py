"""Twelve weeks of closed work, the same at every load, so that pages look alive."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account, Contact
from cases.models import Case
from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem
from incidents.models import Incident
from workspace.configuration.scene import Names, Scene
from workspace.configuration.shipped import Entry, document
from workspace.configuration.story import priorities

TEAMS = (
    ("L1 Network Engineering", "l1eng1"),
    ("L2 Network Engineering", "l2eng1"),
    ("L3 Network Engineering", "l3eng1"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One record of the history, before it becomes an incident, a case or a change."""

    type: str
    count: int
    account: str
    ci: str
    service: str
    template: Entry
    opened_at: datetime
    closed_at: datetime | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    scene: Scene
    accounts: Names
    items: Names
    groups: Names
    users: Names
    contacts: dict[int, int]
    matrix: dict[tuple[int, int], int]


def load_history(scene: Scene) -> None:
    """Create the history's incidents, cases and changes in three statements."""
    known = _known(scene)
    by_type: dict[str, list[Happening]] = defaultdict(list)
    for happening in happenings(document("demo", "history"), scene.now):
        by_type[happening.type].append(happening)
    Incident.unscoped.bulk_create(_incident(h, known) for h in by_type["incident"])
    Case.unscoped.bulk_create(_case(h, known) for h in by_type["case"])
    ChangeRequest.unscoped.bulk_create(_change(h, known) for h in by_type["change"])


def happenings(data: Entry, now: datetime) -> list[Happening]:
    """Expand the series into records; numbers follow the time of opening."""
    found = sorted(_expand(data, now), key=lambda h: (h.opened_at, h.type, h.count))
    taken: dict[str, int] = defaultdict(int)
    numbered = []
    for happening in found:
        series = data["numbers"][happening.type]
        number = f"{series['prefix']}{series['first'] + taken[happening.type]:07d}"
        taken[happening.type] += 1
        numbered.append(replace(happening, number=number))
    return numbered


def _expand(data: Entry, now: datetime) -> Iterator[Happening]:
    contexts = {entry["account"]: entry for entry in data["context"]}
    templates: dict[str, list[Entry]] = defaultdict(list)
    for template in data["template"]:
        templates[template["type"]].append(template)
    counts: dict[str, int] = defaultdict(int)
    for series in data["series"]:
        kind, context = series["type"], contexts[series["account"]]
        moments = list(_moments(series["per_week"], now))
        for left, opened_at in zip(range(len(moments), 0, -1), moments, strict=True):
            count = counts[kind]
            counts[kind] += 1
            hours = data["hours_to_close"][count % len(data["hours_to_close"])]
            closed_at = opened_at + timedelta(hours=hours)
            stays_open = left <= series["open"] or closed_at > now
            yield Happening(
                type=kind,
                count=count,
                account=series["account"],
                ci=context["cis"][count % len(context["cis"])],
                service=context["services"][count % len(context["services"])],
                template=templates[kind][count % len(templates[kind])],
                opened_at=opened_at,
                closed_at=None if stays_open else closed_at,
            )


def _moments(per_week: list[int], now: datetime) -> Iterator[datetime]:
    for week, records in enumerate(per_week):
        start = now - timedelta(weeks=len(per_week) - week)
        for record in range(records):
            yield start + timedelta(weeks=1) * (record + 0.5) / records


def _known(scene: Scene) -> _Known:
    primary = Contact.unscoped.filter(domain=scene.domain, is_primary=True)
    return _Known(
        scene=scene,
        accounts=scene.names(Account),
        items=scene.names(ConfigurationItem),
        groups=scene.groups(),
        users=scene.users(),
        contacts=dict(primary.values_list("account_id", "pk")),
        matrix=priorities(),
    )


def _incident(happening: Happening, known: _Known) -> Incident:
    done = happening.closed_at is not None
    template = happening.template
    return Incident(
        **_record(happening, known),
        **{key: template[key] for key in ("category", "subcategory", "impact", "urgency")},
        ci_id=known.items[happening.ci],
        service_id=known.items[happening.service],
        channel="monitoring" if happening.count % 3 else "phone",
        state="closed" if done else "in_progress",
        stage="resolution" if done else "l1",
        resolved_at=_resolved_at(happening),
        resolution_code="solved_permanently" if done else "",
        resolution_notes=template["resolution_notes"] if done else "",
    )


def _case(happening: Happening, known: _Known) -> Case:
    done = happening.closed_at is not None
    return Case(
        **_record(happening, known),
        contact_id=known.contacts.get(known.accounts[happening.account]),
        channel=("web", "phone", "email")[happening.count % 3],
        state="closed" if done else "open",
        resolved_at=_resolved_at(happening),
        resolution_notes=happening.template["resolution_notes"] if done else "",
    )


def _change(happening: Happening, known: _Known) -> ChangeRequest:
    done = happening.closed_at is not None
    start = happening.opened_at + timedelta(hours=1)
    return ChangeRequest(
        **_record(happening, known),
        kind="standard" if happening.count % 2 else "normal",
        ci_id=known.items[happening.ci],
        state="closed" if done else "scheduled",
        planned_start=start,
        planned_end=happening.closed_at or start + timedelta(hours=2),
        actual_end=happening.closed_at,
        close_code="successful" if done else "",
        close_notes=happening.template["resolution_notes"] if done else "",
    )


def _record(happening: Happening, known: _Known) -> dict[str, Any]:
    template = happening.template
    text = template["short_description"].format(ci=happening.ci, service=happening.service)
    # Work that is still open is with the first line.
    team, user = TEAMS[happening.count % 3 if happening.closed_at else 0]
    return {
        "domain": known.scene.domain,
        "number": happening.number,
        "short_description": text,
        "description": text,
        "priority": known.matrix.get((template["impact"], template["urgency"]), 4),
        "account_id": known.accounts[happening.account],
        "assignment_group_id": known.groups[team],
        "assigned_to_id": known.users[user],
        "opened_at": happening.opened_at,
        "updated_at": happening.closed_at or happening.opened_at,
        "closed_at": happening.closed_at,
    }


def _resolved_at(happening: Happening) -> datetime | None:
    if happening.closed_at is None:
        return None
    return happening.opened_at + (happening.closed_at - happening.opened_at) * 0.8
