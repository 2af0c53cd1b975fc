"""Whom an item at fault hits: one bounded, cycle-safe recursive statement (R86-R88, C.5, C.6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cmdb.graph import Link, shortest_paths
from cmdb.models import ConfigurationItem
from core.scope import current_scope

# Real chains are shorter; a longer one is a loop somebody drew by mistake.
DEPTH = 15

# Impact travels along a relation as its type says, and from an item to its associated services.
# UNION drops repeated rows, so a cycle ends at the depth bound at the latest.
WALK = """
WITH RECURSIVE edge(src, dst) AS (
    SELECT r.child_id, r.parent_id FROM cmdb_cirelation r
    JOIN cmdb_relationtype t ON t.id = r.type_id WHERE t.impact = 'up' {of_relation}
    UNION ALL
    SELECT r.parent_id, r.child_id FROM cmdb_cirelation r
    JOIN cmdb_relationtype t ON t.id = r.type_id WHERE t.impact = 'down' {of_relation}
    UNION ALL
    SELECT s.ci_id, s.service_id FROM cmdb_serviceassociation s WHERE 1 = 1 {of_association}
),
walk(id, depth, via) AS (
    SELECT CAST(c.id AS bigint), 0, CAST(NULL AS bigint)
    FROM cmdb_configurationitem c WHERE c.id IN ({start}) {of_item}
    UNION
    SELECT CAST(e.dst AS bigint), w.depth + 1, CAST(w.id AS bigint)
    FROM walk w JOIN edge e ON e.src = w.id
    JOIN cmdb_configurationitem c ON c.id = e.dst {of_item}
    WHERE w.depth < {depth}
)
SELECT 'item', w.id, w.depth, w.via, k.is_service
FROM walk w
JOIN cmdb_configurationitem c ON c.id = w.id
JOIN cmdb_ciclass k ON k.id = c.ci_class_id
UNION ALL
SELECT 'account', b.account_id, b.id, b.ci_id, b.active
FROM cmdb_installbaseitem b
WHERE b.active AND b.ci_id IN (SELECT id FROM walk) {of_install_base}
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """A service and the ids on the shortest way to it, the item at fault first."""

    id: int
    path: list[int]


@dataclass(frozen=True, slots=True)
class ReachedAccount:
    """An account, the install base item that ties it, and the way to that item."""

    account_id: int
    install_base_item_id: int
    path: list[int]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a fault reaches; `reason_if_empty` says why nothing was found."""

    services: list[Reached] = field(default_factory=list)
    accounts: list[ReachedAccount] = field(default_factory=list)
    reason_if_empty: str = ""


def impact_of(*, ci_ids: Iterable[int]) -> Impact:
    """Return the services and accounts a fault of these items reaches, with the way to each.

    In: ids of configuration items. Out: services and accounts, each once, by the shortest way.
    Rows of domains outside the active scope are not followed.
    """
    start = sorted({int(pk) for pk in ci_ids})
    if not start:
        return Impact(reason_if_empty="No configuration item is set, so nothing can be found.")
    rows = _walk(start)
    links = [Link(row[1], row[2], row[3]) for row in rows if row[0] == "item"]
    paths = shortest_paths(links)
    service_ids = {row[1] for row in rows if row[0] == "item" and row[4]}
    services = [Reached(pk, paths[pk]) for pk in sorted(service_ids, key=lambda i: len(paths[i]))]
    accounts = _accounts([row for row in rows if row[0] == "account"], paths)
    return Impact(services, accounts, "" if services or accounts else _why_nothing(start))


def _walk(start: list[int]) -> list[Any]:
    domains = current_scope().domain_ids
    clause = "" if domains is None else f"AND {{0}}.domain_id IN ({_numbers(domains)})"
    statement = WALK.format(
        start=_numbers(start),
        depth=DEPTH,
        of_relation=clause.format("r"),
        of_association=clause.format("s"),
        of_item=clause.format("c"),
        of_install_base=clause.format("b"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _numbers(ids: Iterable[int]) -> str:
    # Only whole numbers get into the statement, whatever was passed.
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"


def _accounts(rows: list[Any], paths: dict[int, list[int]]) -> list[ReachedAccount]:
    best: dict[int, ReachedAccount] = {}
    for _, account, item, ci, _active in rows:
        found = ReachedAccount(account, item, paths[ci])
        if account not in best or len(found.path) < len(best[account].path):
            best[account] = found
    return [best[account] for account in sorted(best)]


def _why_nothing(start: list[int]) -> str:
    names = ConfigurationItem.objects.filter(pk__in=start).values_list("name", flat=True)
    shown = ", ".join(sorted(names)[:3])
    return (
        f"No data because {shown} has no relation to a service and no install base item: "
        "add a relation in the CMDB."
    )


def name_paths(ids: Iterable[int]) -> dict[int, str]:
    """Return the name of each item in one statement."""
    return dict(ConfigurationItem.unscoped.filter(pk__in=list(ids)).values_list("pk", "name"))
