"""The SVG: a golden file, every edge drawn, nothing that the content security policy refuses."""

import os
from pathlib import Path
from xml.etree import ElementTree

from workspace.viz.drawing import draw
from workspace.viz.nodes import Badge, Node

GOLDEN = Path(__file__).with_name("golden") / "fault.svg"
SVG = "{http://www.w3.org/2000/svg}"
NODES = [
    Node("ci-1", "vManage_10001", 0, kind="Controller", href="?why=ci-1", tone="p1", effect="Down"),
    Node("ci-2", "vEdge_21", 10, kind="Edge", icon="/i.svg#router", tone="p1", effect="Down"),
    Node(
        "ci-3",
        "A service with a very long name <b>",
        60,
        tone="p3",
        effect="At risk",
        badges=(
            Badge("critical", "p1"),
            Badge("1 of 2 paths left", "p3"),
            Badge("2 incidents", "p2"),
            Badge("planned change", "p4"),
        ),
    ),
    Node("account-5", "Account 5", 90, kind="Gold", tone="p3"),
]
EDGES = [("account-5", "ci-3"), ("ci-1", "ci-2"), ("ci-2", "ci-3"), ("ci-3", "account-5")]


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


def test_the_drawing_is_the_golden_one() -> None:
    drawn = draw(NODES, EDGES, title="What the fault hits") + "\n"
    if os.environ.get("PSEW_WRITE_BASELINE"):
        GOLDEN.write_text(drawn)
    assert drawn == GOLDEN.read_text()


def test_all_nodes_are_links_with_words_and_all_edges_are_drawn() -> None:
    root = parsed(draw(NODES, EDGES, title="T"))
    links = list(root.iter(f"{SVG}a"))
    assert [link.get("id") for link in links] == [f"node-{node.key}" for node in NODES]
    assert links[2].get("aria-label") == (
        "A service with a very long name <b>, At risk, critical, 1 of 2 paths left, "
        "2 incidents, planned change"
    )
    lines = [(p.get("data-from"), p.get("data-to")) for p in root.iter(f"{SVG}path")]
    assert lines == EDGES


def test_text_stays_text_and_no_style_is_written() -> None:
    drawn = draw(NODES, EDGES, title="<script>")
    assert "<script>" not in drawn
    assert "style=" not in drawn
    assert "<b>" not in drawn


def test_badges_that_do_not_fit_are_counted() -> None:
    words = "".join(parsed(draw(NODES[2:3], [], title="T")).itertext())
    assert "critical" in words
    assert "+2" in words
    assert "planned change" not in words.replace(NODES[2].words, "")


def test_only_what_is_lit_stays_bright() -> None:
    root = parsed(draw(NODES, EDGES, title="T", lit={"ci-1", "ci-2"}))
    assert [link.get("class") for link in root.iter(f"{SVG}a")] == ["node lit"] * 2 + [
        "node dim"
    ] * 2
    lit = [p.get("data-to") for p in root.iter(f"{SVG}path") if p.get("class") == "edge lit"]
    assert lit == ["ci-2"]


def test_an_empty_graph_is_an_empty_drawing() -> None:
    assert list(parsed(draw([], [], title="T")).iter(f"{SVG}a")) == []
