"""Fold a graph too large to read: what matters stays, the rest is counted where it hangs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

LIMIT, STEP, MOST = 60, 60, 600
# Of what hangs side by side below one key, so many show the rest well enough.
FAN = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """The keys to draw, and what hangs hidden below which of them; below "" hang whole ways."""

    kept: frozenset[str]
    hidden: dict[str, list[str]]


def fold(
    wanted: Sequence[str],
    paths: Mapping[str, Sequence[str]],
    *,
    must: Collection[str] = (),
    expand: Iterable[str] = (),
    limit: int = LIMIT,
) -> Folded:
    """Return what is drawn of a graph.

    In: all keys, what matters most first; the way to each, itself last; the keys that were asked
    for by name; the keys below which more is asked for, each as often as it was asked. Up to
    `limit` everything is drawn, above that whole ways until the limit is reached, and of what
    hangs side by side only some. Every hidden key hangs at the last drawn one on its way.
    """
    if len(paths) <= limit:
        return Folded(frozenset(paths), {})
    kept: set[str] = set()
    fans: Counter[str] = Counter()
    for key in wanted:
        fresh = [each for each in paths[key] if each not in kept]
        parent = paths[key][-2] if len(paths[key]) > 1 else ""
        roomy = key in must or not parent or fans[parent] < FAN
        if fresh and roomy and len(kept) + len(fresh) <= limit:
            kept.update(fresh)
            fans[parent] += 1
    for key, times in Counter(expand).items():
        below = _hanging(paths, kept).get(key, [])
        kept |= set(below[: max(0, min(times * STEP, MOST - len(kept)))])
    return Folded(frozenset(kept), _hanging(paths, kept))


def _hanging(paths: Mapping[str, Sequence[str]], kept: set[str]) -> dict[str, list[str]]:
    """Return what is hidden below each drawn key, the nearest first, so that ways stay whole."""
    hanging: dict[str, list[str]] = {}
    for key, way in sorted(paths.items(), key=lambda item: len(item[1])):
        if key not in kept:
            at = next((each for each in reversed(way) if each in kept), "")
            hanging.setdefault(at, []).append(key)
    return hanging
