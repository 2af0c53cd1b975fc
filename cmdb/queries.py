"""Whom an item at fault hits, how hard, and by which way (R86-R88, C.5, C.6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models

from cmdb.graph import shortest_paths
from cmdb.models import ConfigurationItem
from cmdb.redundancy import Group, Left, lost_items, paths_left
from cmdb.walking import DEPTH, Tie, Walked, needs_of, walk

__all__ = ["DEPTH", "Effect", "Impact", "Reached", "ReachedAccount", "impact_of", "name_paths"]


class Effect(models.TextChoices):
    """How hard a fault hits; the order is that of severity, the worst first."""

    DOWN = "down", "Down"
    DEGRADED = "degraded", "Degraded"
    AT_RISK = "at_risk", "At risk"


SEVERITY = {effect: place for place, effect in enumerate(Effect)}


@dataclass(frozen=True, slots=True)
class Reached:
    """An item and the ids on the shortest way to it, the item at fault first."""

    id: int
    path: list[int]
    effect: Effect = Effect.DOWN
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class ReachedAccount:
    """An account, the install base item that ties it, and the way to that item.

    The effect is the worst of all its install base items; the way is that to the worst one.
    """

    account_id: int
    install_base_item_id: int
    path: list[int]
    effect: Effect = Effect.DOWN


@dataclass(frozen=True, slots=True)
class Impact:
    """What a fault reaches; `reason_if_empty` says why nothing was found."""

    services: list[Reached] = field(default_factory=list)
    accounts: list[ReachedAccount] = field(default_factory=list)
    reason_if_empty: str = ""
    items: dict[int, Reached] = field(default_factory=dict)
    links: list[tuple[int, int]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


def impact_of(*, ci_ids: Iterable[int]) -> Impact:
    """Return what a fault of these items reaches, with the way to each and how hard it is hit.

    In: ids of configuration items. Out: services and accounts, each once, by the shortest way;
    all items and the links between them for who draws them. Two statements, whatever the size.
    Rows of domains outside the active scope are not followed.
    """
    start = sorted({int(pk) for pk in ci_ids})
    if not start:
        return Impact(reason_if_empty="No configuration item is set, so nothing can be found.")
    walked = walk(start)
    items = _judged(start, walked)
    services = sorted(
        (items[pk] for pk in sorted(walked.service_ids)), key=lambda each: len(each.path)
    )
    accounts = _accounts(walked.ties, items)
    return Impact(
        services,
        accounts,
        "" if services or accounts else _why_nothing(start),
        items,
        sorted({(link.via, link.id) for link in walked.links if link.via is not None}),
        walked.ties,
    )


def _judged(start: list[int], walked: Walked) -> dict[int, Reached]:
    """Tell of every item how hard it is hit.

    An item at fault whose status is *degraded* still works a bit; any other is taken as down.
    """
    paths = shortest_paths(walked.links)
    groups = needs_of(sorted(paths)) if paths else {}
    begun = [pk for pk in start if pk in paths]
    limping = ConfigurationItem.Status.DEGRADED
    dead = [pk for pk in begun if walked.statuses[pk] != limping]
    down = lost_items(dead, groups)
    weak = lost_items(begun, groups)
    left = _left(weak, down, groups)
    return {
        pk: Reached(pk, path, _effect(pk, down, weak), left.get(pk)) for pk, path in paths.items()
    }


def _effect(pk: int, down: set[int], weak: set[int]) -> Effect:
    if pk in down:
        return Effect.DOWN
    return Effect.DEGRADED if pk in weak else Effect.AT_RISK


def _left(weak: set[int], down: set[int], groups: dict[int, list[Group]]) -> dict[int, Left]:
    return {pk: left for pk, left in paths_left(weak, groups).items() if pk not in down}


def _accounts(ties: Iterable[Tie], items: dict[int, Reached]) -> list[ReachedAccount]:
    best: dict[int, ReachedAccount] = {}
    for tie in ties:
        item = items[tie.ci_id]
        found = ReachedAccount(tie.account_id, tie.install_base_item_id, item.path, item.effect)
        if tie.account_id not in best or _weight(found) < _weight(best[tie.account_id]):
            best[tie.account_id] = found
    return [best[account] for account in sorted(best)]


def _weight(found: ReachedAccount) -> tuple[int, int, int]:
    return SEVERITY[found.effect], len(found.path), found.install_base_item_id


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
