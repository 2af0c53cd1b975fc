"""The closed set of regular expressions filters may use, with one meaning in Python and SQL.

Read are literals, `.`, classes, `\\d \\w \\s` (ASCII only), `* + ?`, `|`, groups, `^` and `$`. A
group that is repeated may hold neither a repetition nor an anchor. A pattern is searched for;
letters differ from capitals; `.` is any character, `^` and `$` are the ends of the text.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NoReturn

from tmf621.filtering.errors import MAX_PATTERN, BadFilter
from tmf621.filtering.values import UNUSABLE

_SHORTHANDS = {
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": ((" ", " "), ("\t", "\r")),
}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A character within one of the ranges, or within none of them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """The start or the end of the text."""

    sign: Literal["^", "$"]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The inner piece, as often as the sign says."""

    inner: "Piece"
    sign: Literal["*", "+", "?"]


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces one behind the other."""

    pieces: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the branches."""

    branches: tuple["Piece", ...]


Piece = OneOf | Anchor | Repeat | Row | Either
ANY = OneOf((), negated=True)


def check_pattern(text: str, attribute: str) -> None:
    """Refuse a pattern outside the closed set; `BadFilter` says why."""
    try:
        read_pattern(text)
    except BadFilter as refused:
        raise BadFilter(f"{attribute}: {refused}", attribute) from None


@lru_cache(maxsize=256)
def read_pattern(text: str) -> Piece:
    """Return the pattern as a tree."""
    if len(text) > MAX_PATTERN:
        raise BadFilter(f"a pattern has at most {MAX_PATTERN} characters.")
    if UNUSABLE.search(text):
        raise BadFilter("a pattern holds a character no text can hold.")
    return _Reader(text).whole()


def has(piece: Piece, kinds: type | tuple[type, ...]) -> bool:
    """Return whether a piece is or holds one of these kinds."""
    inner: tuple[Piece, ...] = ()
    if isinstance(piece, Row):
        inner = piece.pieces
    elif isinstance(piece, Either):
        inner = piece.branches
    elif isinstance(piece, Repeat):
        inner = (piece.inner,)
    return isinstance(piece, kinds) or any(has(one, kinds) for one in inner)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Piece:
        piece = self._either(0)
        if self.at < len(self.text):
            self._refuse("this bracket was never opened")
        return piece

    def _either(self, depth: int) -> Piece:
        branches = [self._row(depth)]
        while self._took("|"):
            branches.append(self._row(depth))
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _row(self, depth: int) -> Piece:
        pieces: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            pieces.append(self._repeated(self._one(depth)))
        if not pieces:
            self._refuse("an alternative is empty")
        return pieces[0] if len(pieces) == 1 else Row(tuple(pieces))

    def _repeated(self, piece: Piece) -> Piece:
        sign = next((s for s in _SIGNS if self._took(s)), None)
        if sign is None:
            return piece
        if has(piece, (Repeat, Anchor)):
            self._refuse("what is repeated may hold no repetition and no anchor")
        return Repeat(piece, sign)

    def _one(self, depth: int) -> Piece:
        letter = self._letter()
        if letter == "(":
            if depth > 4:
                self._refuse("groups are nested too deeply")
            inner = self._either(depth + 1)
            if not self._took(")"):
                self._refuse("a group does not end")
            return inner
        if letter == "[":
            return self._class()
        if letter == "\\":
            return OneOf(self._escaped())
        if letter in "^$":
            return Anchor("^" if letter == "^" else "$")
        if letter in "*+?{}":
            self.at -= 1
            self._refuse(f"{letter} has nothing to repeat or is not known; write \\{letter}")
        return ANY if letter == "." else OneOf(((letter, letter),))

    def _class(self) -> Piece:
        negated, ranges = self._took("^"), list[tuple[str, str]]()
        while not self._took("]"):
            first = self._member()
            if len(first) > 1 or first[0][0] != first[0][1] or not self._spans():
                ranges += first
                continue
            last = self._member()
            if len(last) > 1 or not first[0][0] <= last[0][0] == last[0][1]:
                self._refuse("a range runs from a character to a later one")
            ranges.append((first[0][0], last[0][0]))
        if not ranges:
            self._refuse("a class is empty")
        return OneOf(tuple(ranges), negated)

    def _spans(self) -> bool:
        """Return whether a hyphen comes that means a range; the last one in a class is a hyphen."""
        return not self.text.startswith("-]", self.at) and self._took("-")

    def _member(self) -> tuple[tuple[str, str], ...]:
        letter = self._letter()
        if letter == "[":
            self._refuse("within a class write \\[")
        return self._escaped() if letter == "\\" else ((letter, letter),)

    def _escaped(self) -> tuple[tuple[str, str], ...]:
        letter = self._letter()
        if letter.isalnum():
            if letter not in _SHORTHANDS:
                self._refuse(f"\\{letter} is not known")
            return _SHORTHANDS[letter]
        return ((letter, letter),)

    def _letter(self) -> str:
        if self.at >= len(self.text):
            self._refuse("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def _took(self, sign: str) -> bool:
        if self.text[self.at : self.at + 1] != sign:
            return False
        self.at += 1
        return True

    def _refuse(self, why: str) -> NoReturn:
        raise BadFilter(f"the pattern cannot be used, position {self.at + 1}: {why}.")


_SIGNS: tuple[Literal["*"], Literal["+"], Literal["?"]] = ("*", "+", "?")
