"""Search for a pattern in time that grows with the text alone, whatever both hold.

The pattern becomes a machine that is in a set of places at once; the sets it meets are kept,
so that a character usually costs one look-up.
"""

from functools import lru_cache
from typing import NamedTuple

from tmf621.filtering.patterns import Anchor, Either, OneOf, Piece, Repeat, Row, read_pattern

_KEPT = 500


class Place(NamedTuple):
    """What must come next, and where that leads; without anything it is free to go on."""

    takes: OneOf | Anchor | None
    leads: tuple[int, ...]


def contains(text: str, pattern: str) -> bool:
    """Return whether the pattern is found anywhere in the text."""
    return _machine(pattern).runs(text)


@lru_cache(maxsize=16)
def _machine(pattern: str) -> "_Machine":
    return _Machine(read_pattern(pattern))


class _Machine:
    """The places of a pattern; 0 is the one where it is found."""

    def __init__(self, pattern: Piece) -> None:
        self.places = [Place(None, ())]
        self.start = self._build(pattern, 0)
        self.steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self.first = self._reached({self.start}, "^")
        self.later = self._reached({self.start}, "")

    def runs(self, text: str) -> bool:
        now = self.first
        for letter in text:
            if 0 in now:
                return True
            following = self.steps.get((now, letter))
            if following is None:
                following = self._step(now, letter)
            now = following
        return 0 in now or 0 in self._reached(set(now) | ({self.start} if text else set()), "$")

    def _step(self, now: frozenset[int], letter: str) -> frozenset[int]:
        led = {
            to
            for place in now
            if isinstance(takes := self.places[place].takes, OneOf) and _fits(takes, letter)
            for to in self.places[place].leads
        }
        if len(self.steps) >= _KEPT:
            self.steps.clear()
        found = self._reached(led, "") | self.later
        self.steps[now, letter] = found
        return found

    def _reached(self, start: set[int], anchors: str) -> frozenset[int]:
        """Return the places one can be in without another character."""
        seen, todo = set(start), list(start)
        while todo:
            takes, leads = self.places[todo.pop()]
            if takes is None or (isinstance(takes, Anchor) and takes.sign in anchors):
                todo += [to for to in leads if to not in seen]
                seen.update(leads)
        return frozenset(seen)

    def _build(self, piece: Piece, to: int) -> int:
        """Add the places of a piece that leads to a place; return where it begins."""
        if isinstance(piece, OneOf | Anchor):
            return self._add(Place(piece, (to,)))
        if isinstance(piece, Row):
            for one in reversed(piece.pieces):
                to = self._build(one, to)
            return to
        if isinstance(piece, Either):
            return self._add(Place(None, tuple(self._build(b, to) for b in piece.branches)))
        return self._repeat(piece, to)

    def _repeat(self, piece: Repeat, to: int) -> int:
        if piece.sign == "?":
            return self._add(Place(None, (self._build(piece.inner, to), to)))
        again = self._add(Place(None, ()))
        begin = self._build(piece.inner, again)
        self.places[again] = Place(None, (begin, to))
        return again if piece.sign == "*" else begin

    def _add(self, place: Place) -> int:
        self.places.append(place)
        return len(self.places) - 1


def _fits(asked: OneOf, letter: str) -> bool:
    return any(first <= letter <= last for first, last in asked.ranges) != asked.negated
