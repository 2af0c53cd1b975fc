"""Placing a graph: everything placed, nothing on top of anything else, faults lead to the right."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workspace.viz.layering import HEIGHT, WIDTH, columns_of, place
from workspace.viz.nodes import Edge, Node, between


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    size = draw(st.integers(0, 25))
    ranks = draw(st.lists(st.integers(0, 6), min_size=size, max_size=size))
    nodes = [Node(f"n{number}", f"Node {number}", rank) for number, rank in enumerate(ranks)]
    ends = st.integers(0, max(size - 1, 0)).map(lambda number: f"n{number}")
    edges = draw(st.lists(st.tuples(ends, ends), max_size=60)) if size else []
    return nodes, between(edges, [node.key for node in nodes])


@given(graphs())
def test_every_node_is_placed_inside_and_none_overlaps(
    graph: tuple[list[Node], list[Edge]],
) -> None:
    nodes, edges = graph
    layout = place(nodes, edges)
    assert set(layout.spots) == {node.key for node in nodes}
    taken = sorted((spot.x, spot.y) for spot in layout.spots.values())
    for (x, y), (next_x, next_y) in pairwise(taken):
        assert next_x >= x + WIDTH or (next_x == x and next_y >= y + HEIGHT)
    for x, y in taken:
        assert 0 <= x <= layout.width - WIDTH
        assert 0 <= y <= layout.height - HEIGHT


@given(graphs())
def test_what_leads_on_leads_to_the_right(graph: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = graph
    spots, index = place(nodes, edges).spots, {node.key: n for n, node in enumerate(nodes)}
    last = max((node.rank for node in nodes), default=0)
    for source, target in edges:
        if index[source] < index[target] and nodes[index[source]].rank != last:
            assert spots[source].column < spots[target].column


@given(graphs())
def test_the_same_graph_is_placed_the_same_way(graph: tuple[list[Node], list[Edge]]) -> None:
    assert place(*graph) == place(*graph)


def test_ranks_become_columns_without_gaps_and_the_last_rank_stays_together() -> None:
    nodes = [Node("fault", "", 0), Node("a", "", 10), Node("b", "", 10), Node("c", "", 90)]
    nodes += [Node("d", "", 90)]
    edges = [("fault", "a"), ("a", "b"), ("b", "c"), ("fault", "d")]
    assert columns_of(nodes, edges) == [["fault"], ["a"], ["b"], ["c", "d"]]


def test_neighbours_lie_beside_each_other_so_that_lines_do_not_cross() -> None:
    nodes = [Node(key, key, 0) for key in "ab"] + [Node(key, key, 1) for key in "xy"]
    spots = place(nodes, [("a", "y"), ("b", "x")]).spots
    assert (spots["a"].y < spots["b"].y) == (spots["y"].y < spots["x"].y)
