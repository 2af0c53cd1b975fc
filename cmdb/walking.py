"""The two statements of the impact walk: what a fault reaches, and what that needs (C.5, C.6)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from cmdb.graph import Link
from cmdb.redundancy import Group, Need, groups_of
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
SELECT 'item', w.id, w.depth, w.via, k.is_service, c.status
FROM walk w
JOIN cmdb_configurationitem c ON c.id = w.id
JOIN cmdb_ciclass k ON k.id = c.ci_class_id
UNION ALL
SELECT 'account', b.account_id, b.id, b.ci_id, b.active, ''
FROM cmdb_installbaseitem b
WHERE b.active AND b.ci_id IN (SELECT id FROM walk) {of_install_base}
"""

# The providers of what was reached, reached or not: who is not reached is well. A relation type
# says whether its child, or either end, takes over from the other.
NEEDS = """
SELECT 'need', r.parent_id, r.type_id, r.child_id, c.ci_class_id FROM cmdb_cirelation r
JOIN cmdb_relationtype t ON t.id = r.type_id JOIN cmdb_configurationitem c ON c.id = r.child_id
WHERE t.impact = 'up' AND r.parent_id IN ({reached}) {of_relation}
UNION ALL
SELECT 'need', r.child_id, r.type_id, r.parent_id, c.ci_class_id FROM cmdb_cirelation r
JOIN cmdb_relationtype t ON t.id = r.type_id JOIN cmdb_configurationitem c ON c.id = r.parent_id
WHERE t.impact = 'down' AND r.child_id IN ({reached}) {of_relation}
UNION ALL
SELECT 'need', s.service_id, 0, s.ci_id, c.ci_class_id FROM cmdb_serviceassociation s
JOIN cmdb_configurationitem c ON c.id = s.ci_id
WHERE s.service_id IN ({reached}) {of_association}
UNION ALL
SELECT 'stand-in', r.parent_id, 0, r.child_id, 0 FROM cmdb_cirelation r
JOIN cmdb_relationtype t ON t.id = r.type_id
WHERE t.redundancy IN ('child', 'both') AND r.parent_id IN ({reached}) {of_relation}
UNION ALL
SELECT 'stand-in', r.child_id, 0, r.parent_id, 0 FROM cmdb_cirelation r
JOIN cmdb_relationtype t ON t.id = r.type_id
WHERE t.redundancy = 'both' AND r.child_id IN ({reached}) {of_relation}
"""


class Tie(NamedTuple):
    """An install base item that ties an account to an item."""

    account_id: int
    install_base_item_id: int
    ci_id: int


class Walked(NamedTuple):
    """What the walk found: links, services, the items' statuses, and accounts' ties."""

    links: list[Link]
    service_ids: set[int]
    statuses: dict[int, str]
    ties: list[Tie]


def walk(start: Iterable[int]) -> Walked:
    """Follow impact from the items, in one statement; foreign domains are not entered."""
    rows = _ask(WALK, start=_numbers(start), depth=DEPTH)
    items = [row for row in rows if row[0] == "item"]
    return Walked(
        links=[Link(row[1], row[2], row[3]) for row in items],
        service_ids={row[1] for row in items if row[4]},
        statuses={row[1]: row[5] for row in items},
        ties=[Tie(row[1], row[2], row[3]) for row in rows if row[0] == "account"],
    )


def needs_of(reached: Iterable[int]) -> dict[int, list[Group]]:
    """Return what each of these items needs, in one statement.

    Providers of one class over one type of relation are alternatives (docs/decisions/0016).
    """
    rows = _ask(NEEDS, reached=_numbers(reached))
    stand_ins: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row[0] == "stand-in":
            stand_ins[row[1]].add(row[3])
    needs = (Need(row[1], (row[2], row[4]), row[3]) for row in rows if row[0] == "need")
    return groups_of(needs, stand_ins)


def _ask(statement: str, **values: object) -> list[Any]:
    domains = current_scope().domain_ids
    clause = "" if domains is None else f"AND {{0}}.domain_id IN ({_numbers(domains)})"
    whole = statement.format(
        of_relation=clause.format("r"),
        of_association=clause.format("s"),
        of_item=clause.format("c"),
        of_install_base=clause.format("b"),
        **values,
    )
    with connection.cursor() as cursor:
        cursor.execute(whole)
        return list(cursor.fetchall())


def _numbers(ids: Iterable[int]) -> str:
    # Only whole numbers get into the statement, whatever was passed.
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"
