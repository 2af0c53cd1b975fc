"""Fold a graph too large to read: what matters stays, the rest is counted where it hangs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LIMIT, STEP, MOST = 60, 60, 600


@dataclass(frozen=True, slots=True)
class Folded:
    """The keys to draw, and how many hang hidden below which of them; below "" hang whole ways."""

    kept: frozenset[str]
    hidden: dict[str, int]


def fold(
    wanted: Sequence[str],
    paths: Mapping[str, Sequence[str]],
    *,
    expand: Iterable[str] = (),
    limit: int = LIMIT,
) -> Folded:
    """Return what is drawn of a graph.

    In: all keys, what matters most first; the way to each, itself last; the keys below which more
    is asked for, each as often as it was asked. Up to `limit` everything is drawn, above that whole
    ways until the limit is reached. Every hidden key is counted at the last drawn one on its way.
    """
    if len(paths) <= limit:
        return Folded(frozenset(paths), {})
    kept: set[str] = set()
    for key in wanted:
        fresh = {each for each in paths[key] if each not in kept}
        if len(kept) + len(fresh) <= limit:
            kept |= fresh
    for key, times in Counter(expand).items():
        kept |= set(_below(key, paths, kept)[: min(times * STEP, MOST - len(kept))])
    return Folded(frozenset(kept), _counted(paths, kept))


def _below(key: str, paths: Mapping[str, Sequence[str]], kept: set[str]) -> list[str]:
    """Return what hangs hidden below a drawn key, the nearest first, so that ways stay whole."""
    if key and key not in kept:
        return []
    found = [
        each for each, way in paths.items() if each not in kept and _hangs_at(way, kept) == key
    ]
    return sorted(found, key=lambda each: len(paths[each]))


def _counted(paths: Mapping[str, Sequence[str]], kept: set[str]) -> dict[str, int]:
    return dict(Counter(_hangs_at(way, kept) for key, way in paths.items() if key not in kept))


def _hangs_at(way: Sequence[str], kept: set[str]) -> str:
    return next((key for key in reversed(way) if key in kept), "")
