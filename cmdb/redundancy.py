"""Who still has a way round a fault: plain values, no database.

The rule is told in docs/decisions/0016-providers-of-a-kind-stand-in.md.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """An item needs a provider; providers of one kind are alternatives, kinds are all needed."""

    item: int
    kind: Hashable
    provider: int


Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class Left:
    """How many of an item's alternatives are left, of the kind that is nearest to running out."""

    left: int
    total: int

    def __str__(self) -> str:
        return f"{self.left} of {self.total} paths left"


def groups_of(
    needs: Iterable[Need], stand_ins: Mapping[int, Iterable[int]]
) -> dict[int, list[Group]]:
    """Return for every item its groups of alternatives, stand-ins of providers among them."""
    found: dict[tuple[int, Hashable], set[int]] = defaultdict(set)
    for need in needs:
        found[need.item, need.kind] |= {need.provider, *stand_ins.get(need.provider, ())}
    groups: dict[int, list[Group]] = defaultdict(list)
    for (item, _), members in found.items():
        groups[item].append(frozenset(members - {item}))
    return dict(groups)


def lost_items(failed: Iterable[int], groups: Mapping[int, list[Group]]) -> set[int]:
    """Return the items that stand still when the failed ones do, the failed ones included.

    An item is lost when it failed, when all alternatives of one of its groups are lost, or when
    what keeps it up is only a loop: alternatives that lead round to each other and nowhere else.
    """
    lost = set(failed)
    users = _users(groups)
    _spread(lost, list(lost), groups, users)
    while loop := _without_ground(lost, groups, users):
        lost |= loop
        _spread(lost, list(loop), groups, users)
    return lost


def paths_left(lost: set[int], groups: Mapping[int, list[Group]]) -> dict[int, Left]:
    """Return what is left of every item that had alternatives and lost some of them."""
    result: dict[int, Left] = {}
    for item, own in groups.items():
        hit = [Left(len(g - lost), len(g)) for g in own if len(g) > 1 and g & lost]
        if hit:
            result[item] = min(hit, key=lambda each: (each.left, -each.total))
    return result


def _users(groups: Mapping[int, list[Group]]) -> dict[int, list[tuple[int, int]]]:
    users: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item, own in groups.items():
        for index, group in enumerate(own):
            for member in group:
                users[member].append((item, index))
    return users


def _spread(
    lost: set[int],
    todo: list[int],
    groups: Mapping[int, list[Group]],
    users: Mapping[int, list[tuple[int, int]]],
) -> None:
    while todo:
        for item, index in users.get(todo.pop(), ()):
            if item not in lost and groups[item][index] <= lost:
                lost.add(item)
                todo.append(item)


def _without_ground(
    lost: set[int],
    groups: Mapping[int, list[Group]],
    users: Mapping[int, list[tuple[int, int]]],
) -> set[int]:
    """Return the items no chain of providers connects with something that needs nobody."""
    items = {*groups, *users} - lost
    grounded = {item for item in items if not groups.get(item)}
    todo = deque(grounded)
    while todo:
        for item, _ in users.get(todo.popleft(), ()):
            if item not in lost and item not in grounded:
                grounded.add(item)
                todo.append(item)
    return items - grounded
