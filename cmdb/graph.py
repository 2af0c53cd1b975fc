"""Shortest ways through a walked graph; plain values, no database."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An item reached at a depth over another item; `via` is None where the walk began."""

    id: int
    depth: int
    via: int | None


def shortest_paths(links: Iterable[Link]) -> dict[int, list[int]]:
    """Return for every item the ids on its shortest way, the start first.

    Of equally short ways the one over the smallest id is taken, so that answers do not flicker.
    """
    best: dict[int, Link] = {}
    for link in sorted(links, key=lambda each: (each.depth, each.via or 0)):
        best.setdefault(link.id, link)
    paths: dict[int, list[int]] = {}
    for link in sorted(best.values(), key=lambda each: each.depth):
        before = paths[link.via] if link.via is not None else []
        paths[link.id] = [*before, link.id]
    return paths
