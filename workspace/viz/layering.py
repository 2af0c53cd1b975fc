"""Place a graph in layers from left to right: by rank, then by the middle of the neighbours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workspace.viz.nodes import Edge, Node

WIDTH, HEIGHT = 196, 48
ACROSS, BETWEEN, MARGIN = 52, 12, 12
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node's upper left corner lies, and in which column."""

    x: int
    y: int
    column: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, and how large the whole is."""

    spots: dict[str, Spot]
    width: int
    height: int


def place(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Return a spot for every node; no two overlap.

    An edge that leads on, in the order of the nodes, also leads to the right; loops may lead back.
    All nodes of the highest rank share the last column.
    """
    columns = ordered(columns_of(nodes, edges), edges)
    rows = max(map(len, columns), default=0)
    height = MARGIN * 2 + max(rows * (HEIGHT + BETWEEN) - BETWEEN, 0)
    width = MARGIN * 2 + max(len(columns) * (WIDTH + ACROSS) - ACROSS, 0)
    spots: dict[str, Spot] = {}
    for number, keys in enumerate(columns):
        x = MARGIN + number * (WIDTH + ACROSS)
        above = (rows - len(keys)) * (HEIGHT + BETWEEN) // 2 + MARGIN
        for place_in_column, key in enumerate(keys):
            spots[key] = Spot(x, above + place_in_column * (HEIGHT + BETWEEN), number)
    return Layout(spots, width, height)


def columns_of(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[list[str]]:
    """Return the keys of each column in the order of the nodes; no column is empty."""
    ranks = {rank: place for place, rank in enumerate(sorted({node.rank for node in nodes}))}
    index = {node.key: place for place, node in enumerate(nodes)}
    before: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        if index[source] < index[target]:
            before[target].append(source)
    column: dict[str, int] = {}
    for node in nodes:
        pushed = [column[source] + 1 for source in before[node.key]]
        column[node.key] = max(ranks[node.rank], *pushed) if pushed else ranks[node.rank]
    _gather_the_last(nodes, column)
    used = {number: place for place, number in enumerate(sorted(set(column.values())))}
    columns: list[list[str]] = [[] for _ in used]
    for key, number in column.items():
        columns[used[number]].append(key)
    return columns


def _gather_the_last(nodes: Sequence[Node], column: dict[str, int]) -> None:
    ranks = {node.rank for node in nodes}
    if len(ranks) > 1:
        last, end = max(ranks), max(column.values())
        column.update({node.key: end for node in nodes if node.rank == last})


def ordered(columns: list[list[str]], edges: Sequence[Edge]) -> list[list[str]]:
    """Return the columns with their keys sorted by the middle of their neighbours."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        neighbours[source].append(target)
        neighbours[target].append(source)
    number = {key: place for place, keys in enumerate(columns) for key in keys}
    height: dict[str, float] = {}
    for keys in columns:
        _measure(keys, height)
    for sweep in range(SWEEPS):
        back = sweep % 2
        for place_of in range(len(columns))[:: -1 if back else 1]:
            keys = columns[place_of]
            middles = _middles(keys, neighbours, number, height, back=bool(back))
            keys.sort(key=middles.__getitem__)
            _measure(keys, height)
    return columns


def _measure(keys: Sequence[str], height: dict[str, float]) -> None:
    half = (len(keys) - 1) / 2
    for place_in_column, key in enumerate(keys):
        height[key] = place_in_column - half


def _middles(
    keys: Sequence[str],
    neighbours: Mapping[str, list[str]],
    number: Mapping[str, int],
    height: Mapping[str, float],
    *,
    back: bool,
) -> dict[str, float]:
    """Return how high the neighbours on the side one comes from lie, on average."""
    middles: dict[str, float] = {}
    for key in keys:
        own = number[key]
        beside = [
            height[other]
            for other in neighbours[key]
            if (number[other] > own if back else number[other] < own)
        ]
        middles[key] = sum(beside) / len(beside) if beside else height[key]
    return middles
