"""What a graph is made of."""

from collections.abc import Iterable
from dataclasses import dataclass

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Badge:
    """A short remark inside a node; the tone names its colour."""

    text: str
    tone: str = "p5"


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the graph.

    `rank` says how far to the right it belongs, `href` where it leads, `icon` is an address of a
    drawing, `tone` names its colour. Nodes are handed over in the order the fault reaches them.
    """

    key: str
    label: str
    rank: int
    kind: str = ""
    href: str = ""
    icon: str = ""
    tone: str = "p5"
    effect: str = ""
    badges: tuple[Badge, ...] = ()

    @property
    def words(self) -> str:
        """Return what the box shows, for those who do not see it."""
        remarks = (self.kind, self.effect, *(badge.text for badge in self.badges))
        return ", ".join([self.label, *(remark for remark in remarks if remark)])


def between(edges: Iterable[Edge], keys: Iterable[str]) -> list[Edge]:
    """Return the edges whose both ends are among the keys, each once, in a steady order."""
    known = set(keys)
    return sorted({(a, b) for a, b in edges if a in known and b in known and a != b})
