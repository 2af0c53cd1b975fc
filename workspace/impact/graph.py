"""The impact graph of an incident: what is drawn, as picture and as table."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Account
from cmdb.models import ConfigurationItem
from cmdb.queries import Effect, Impact
from incidents.models import Incident
from workspace.icons import known_icons
from workspace.impact.asking import Ask
from workspace.impact.reach import (
    ACCOUNT,
    ITEM,
    Reach,
    by_weight,
    id_of,
    ids_in,
    key_of,
    matching,
    reach_of,
)
from workspace.impact.remarks import Remarks, accounts_in_graph
from workspace.parts import EFFECT_TONES
from workspace.viz.drawing import draw
from workspace.viz.folding import fold
from workspace.viz.nodes import Badge, Node, between

# Columns from left to right: the fault, what lies between by class, services, customers.
FAULT, NETWORK, SERVICE, CUSTOMER = 0, 1, 100_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn node as a line of the table."""

    node: Node
    over: str


@dataclass(frozen=True, slots=True)
class Graph:
    """The drawing, the same as a table, and what was left out of both."""

    svg: SafeString
    lines: list[Line]
    drawn: int
    total: int
    classes: list[tuple[str, str]]
    way: list[Node]
    all_ways: str
    found: int


def graph_of(incident: Incident, impact: Impact, ask: Ask, now: datetime) -> Graph:
    """Draw what a fault reaches; six statements at most, whatever the size."""
    reach = reach_of(impact, ask)
    way = reach.paths.get(ask.why, [])
    found = matching(reach, ask.find) if ask.find else set()
    weighed, must = by_weight(reach), {*way[-1:], *found}
    wanted = sorted(weighed, key=lambda key: key not in must)
    folded = fold(wanted, reach.paths, must=must, expand=ask.expand)
    nodes = _nodes(incident, reach, folded.kept, ask, now)
    more = [_more(below, keys, reach, ask) for below, keys in folded.hidden.items()]
    edges = [(below, f"more-{below}") for below in folded.hidden if below]
    drawn = [*nodes, *more]
    lit: Collection[str] | None = set(way) | found if way or ask.find else None
    edges = between([*reach.edges, *edges], [node.key for node in drawn])
    title = f"What {incident.number} hits: {len(nodes)} of {len(reach.paths)} items and accounts"
    # The writer escapes all it is given.
    svg = mark_safe(draw(drawn, edges, title=title, lit=lit))
    by_key = {node.key: node for node in nodes}
    return Graph(
        svg=svg,
        lines=[_line(node, reach, by_key) for node in nodes],
        drawn=len(nodes),
        total=len(reach.paths),
        classes=reach.classes(),
        way=[by_key[key] for key in way if key in by_key],
        all_ways=ask.query(why=""),
        found=len(found),
    )


def _nodes(
    incident: Incident, reach: Reach, kept: Collection[str], ask: Ask, now: datetime
) -> list[Node]:
    """Return the nodes in the order the fault reaches them."""
    keys = [key for key in reach.paths if key in kept]
    item_ids, account_ids = ids_in(keys, ITEM), ids_in(keys, ACCOUNT)
    remarks = Remarks(incident, item_ids, now)
    items = [_item(pk, reach, remarks, ask) for pk in item_ids if pk in reach.items]
    effects = {each.account_id: each.effect for each in reach.impact.accounts}
    known = accounts_in_graph(incident, account_ids)
    found = ((*known[pk], effects[pk]) for pk in account_ids if pk in known)
    return items + [_customer(account, badges, effect, ask) for account, badges, effect in found]


def _customer(account: Account, badges: tuple[Badge, ...], effect: Effect, ask: Ask) -> Node:
    key = key_of(ACCOUNT, account.pk)
    return Node(
        key,
        account.name,
        CUSTOMER,
        kind=f"{account.get_tier_display()} customer" if account.tier else "Customer",
        href=_way_url(ask, key),
        icon=_icon("building-2"),
        tone=EFFECT_TONES[effect],
        effect=str(effect.label),
        badges=badges,
    )


def _item(pk: int, reach: Reach, remarks: Remarks, ask: Ask) -> Node:
    item, found, key = reach.items[pk], reach.impact.items[pk], key_of(ITEM, pk)
    return Node(
        key,
        item.name,
        _rank(item, at_fault=len(found.path) == 1),
        kind=item.ci_class.label,
        href=_way_url(ask, key),
        icon=_icon(item.ci_class.icon),
        tone=EFFECT_TONES[found.effect],
        effect=str(found.effect.label),
        badges=remarks.of(item, found),
    )


def _rank(item: ConfigurationItem, *, at_fault: bool) -> int:
    if at_fault:
        return FAULT
    return (SERVICE if item.ci_class.is_service else NETWORK) + item.ci_class.rank


def _more(below: str, keys: list[str], reach: Reach, ask: Ask) -> Node:
    """Return the node that stands for what hangs hidden below another one."""
    accounts = len(ids_in(keys, ACCOUNT))
    others = len(keys) - accounts
    nearest = reach.items.get(id_of(keys[0])) if keys[0].startswith(ITEM) else None
    kinds = [f"{accounts} accounts" if accounts else "", f"{others} items" if others else ""]
    return Node(
        f"more-{below}",
        f"+{len(keys)} more",
        _rank(nearest, at_fault=not below) if nearest else CUSTOMER,
        kind=" and ".join(kind for kind in kinds if kind),
        href=f"{ask.query(expand=below)}#impact-graph",
        icon=_icon("plus"),
    )


def _line(node: Node, reach: Reach, by_key: dict[str, Node]) -> Line:
    before = reach.paths[node.key][:-1]
    return Line(node, " → ".join(by_key[key].label for key in before if key in by_key))


def _way_url(ask: Ask, key: str) -> str:
    return f"{ask.query(why=key)}#impact-graph"


def _icon(name: str) -> str:
    return f"{static('workspace/icons.svg')}#{name if name in known_icons() else 'box'}"
