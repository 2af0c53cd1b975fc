"""Tell what drawing the impact graph costs: `python3 -m benchmarks.graph`.

Three ratios of one run: drawing 1 000 nodes to writing the same as an HTML table, which has no
places to find; to drawing 100 nodes, which shows how it grows; and the share of the placing.
Nothing but Python takes part.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from html import escape

from workspace.viz.drawing import draw
from workspace.viz.layering import place
from workspace.viz.nodes import Badge, Edge, Node, between

ROUNDS = 30
# Of a hundred nodes so many are of each rank: fault, ports, edges, services, customers.
SHARES = ((0, 1), (30, 9), (40, 20), (60, 20), (90, 50))


def main() -> int:
    """Measure and print."""
    nodes, edges = network(1_000)
    few, few_edges = network(100)
    drawn = _median(lambda: draw(nodes, edges, title="Impact"))
    placed = _median(lambda: place(nodes, edges))
    table = _median(lambda: _table(nodes))
    small = _median(lambda: draw(few, few_edges, title="Impact"))
    print(f"1 000 nodes, {len(edges)} edges: {drawn * 1000:.1f} ms")
    print(f"of it finding places: {placed / drawn:.0%}")
    print(f"to the same as a table: {drawn / table:.1f} ×")
    print(f"to 100 nodes: {drawn / small:.1f} ×")
    return 0


def network(size: int) -> tuple[list[Node], list[Edge]]:
    """Return a layered network of this size, always the same one."""
    chance = random.Random(size)
    nodes: list[Node] = []
    edges: list[Edge] = []
    before: list[str] = []
    for rank, share in SHARES:
        count = 1 if not nodes else share * size // 100
        layer = [_node(rank, number) for number in range(count)]
        for node in layer:
            edges += [(chance.choice(before), node.key) for _ in range(2) if before]
        nodes += layer
        before = [node.key for node in layer]
    return nodes, between(edges, [node.key for node in nodes])


def _node(rank: int, number: int) -> Node:
    badges = (Badge("1 of 2 paths left", "p3"),) if number % 3 else ()
    name = f"Item {rank} {number}"
    return Node(f"ci-{rank}-{number}", name, rank, kind="Edge", href="?why=x", badges=badges)


def _table(nodes: list[Node]) -> str:
    return "".join(
        f'<tr><th><a href="{escape(node.href)}">{escape(node.label)}</a></th>'
        f"<td>{escape(node.kind)}</td><td>{escape(node.words)}</td></tr>"
        for node in nodes
    )


def _median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
