"""What a fault reaches, as keys and the way to each: the graph before anything is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Account
from cmdb.models import ConfigurationItem
from cmdb.queries import SEVERITY, Impact
from workspace.impact.asking import Ask
from workspace.viz.nodes import Edge

ITEM, ACCOUNT = "ci", "account"
OF_CLASS = ("name", "label", "icon", "is_service", "rank")
# So many services at most come before the first account when a graph is too large to draw whole.
SERVICES_FIRST = 25


@dataclass
class Reach:
    """Items by id, the way to every key, and who is tied to whom."""

    impact: Impact
    items: dict[int, ConfigurationItem]
    paths: dict[str, list[str]] = field(default_factory=dict)

    @property
    def edges(self) -> list[Edge]:
        links = [(key_of(ITEM, a), key_of(ITEM, b)) for a, b in self.impact.links]
        ties = self.impact.ties
        return links + [(key_of(ITEM, t.ci_id), key_of(ACCOUNT, t.account_id)) for t in ties]

    def classes(self) -> list[tuple[str, str]]:
        """Return the classes that were reached, as choices."""
        kinds = {item.ci_class for item in self.items.values()}
        return sorted(((kind.name, kind.label) for kind in kinds), key=lambda each: each[1])


def key_of(kind: str, pk: int) -> str:
    """Return the key of an item or account in the graph."""
    return f"{kind}-{pk}"


def id_of(key: str) -> int:
    """Return the id in a key."""
    return int(key.rpartition("-")[2])


def ids_in(keys: Iterable[str], kind: str) -> list[int]:
    """Return the ids of one kind among the keys, in their order."""
    return [id_of(key) for key in keys if key.startswith(f"{kind}-")]


def reach_of(impact: Impact, ask: Ask) -> Reach:
    """Return what is within the asked depth and leads to the asked class; one statement."""
    found = ConfigurationItem.objects.filter(pk__in=impact.items).select_related("ci_class")
    items = found.only("name", "critical", *(f"ci_class__{name}" for name in OF_CLASS)).in_bulk()
    reach = Reach(impact, items)
    deep = {pk: each.path for pk, each in impact.items.items() if len(each.path) <= ask.depth + 1}
    wanted = _leading_to(ask.ci_class, deep, items) if ask.ci_class else set(deep)
    for pk in sorted(wanted, key=lambda pk: (len(deep[pk]), str(items.get(pk, "")))):
        reach.paths[key_of(ITEM, pk)] = [key_of(ITEM, each) for each in deep[pk]]
    for account in impact.accounts:
        if account.path and account.path[-1] in wanted:
            key = key_of(ACCOUNT, account.account_id)
            reach.paths[key] = [*(key_of(ITEM, each) for each in account.path), key]
    return reach


def _leading_to(
    name: str, deep: dict[int, list[int]], items: dict[int, ConfigurationItem]
) -> set[int]:
    ways = (path for pk, path in deep.items() if pk in items and items[pk].ci_class.name == name)
    return {pk for path in ways for pk in path}


def by_weight(reach: Reach) -> list[str]:
    """Return all keys, what is worst hit and most important first."""
    items, impact = reach.items, reach.impact

    def weight(pk: int) -> tuple[bool, int, int]:
        found = impact.items[pk]
        critical = pk in items and items[pk].critical
        return not critical, SEVERITY[found.effect], len(found.path)

    services = [
        key_of(ITEM, each.id) for each in sorted(impact.services, key=lambda s: weight(s.id))
    ]
    worst = sorted(impact.accounts, key=lambda each: SEVERITY[each.effect])
    accounts = [key_of(ACCOUNT, each.account_id) for each in worst]
    keys = [*services[:SERVICES_FIRST], *accounts, *services, *reach.paths]
    return [key for key in dict.fromkeys(keys) if key in reach.paths]


def matching(reach: Reach, words: str) -> set[str]:
    """Return the keys whose name or class holds the words; one statement."""
    low = words.lower()
    found = {
        key_of(ITEM, pk)
        for pk, item in reach.items.items()
        if low in item.name.lower() or low in item.ci_class.label.lower()
    }
    ids = ids_in(reach.paths, ACCOUNT)
    named = Account.objects.filter(pk__in=ids, name__icontains=words)
    found |= {key_of(ACCOUNT, pk) for pk in named.values_list("pk", flat=True)}
    return found & set(reach.paths)
