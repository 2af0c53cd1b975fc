"""Write a placed graph as SVG text: themed by classes, operable by keyboard, without styles."""

from collections.abc import Collection, Sequence
from html import escape

from workspace.viz.layering import HEIGHT, WIDTH, Layout, Spot, place
from workspace.viz.nodes import Badge, Edge, Node

# Text cannot be measured here; these widths hold for any usual font at 13 and 11 pixels.
NAME_LETTERS, KIND_LETTERS, LETTER, PILL_ROOM = 18, 26, 5.9, 192


def draw(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    title: str,
    lit: Collection[str] | None = None,
) -> str:
    """Return the graph as an SVG element.

    In: nodes in the order the fault reaches them, edges between them, a title for screen readers,
    the keys to keep bright while all others are dimmed (None: all bright).
    """
    layout = place(nodes, edges)
    lines = "".join(_edge(source, target, layout, lit) for source, target in edges)
    boxes = "".join(_node(node, layout.spots[node.key], lit) for node in nodes)
    return (
        f'<svg class="graph" role="group" aria-labelledby="graph-title" width="{layout.width}" '
        f'height="{layout.height}" viewBox="0 0 {layout.width} {layout.height}">'
        f'<title id="graph-title">{escape(title)}</title>'
        f'<g class="edges" aria-hidden="true">{lines}</g><g class="nodes">{boxes}</g></svg>'
    )


def _edge(source: str, target: str, layout: Layout, lit: Collection[str] | None) -> str:
    state = "" if lit is None else " lit" if source in lit and target in lit else " dim"
    curve = _curve(layout.spots[source], layout.spots[target])
    ends = f'data-from="{escape(source)}" data-to="{escape(target)}"'
    return f'<path class="edge{state}" {ends} d="{curve}"/>'


def _curve(source: Spot, target: Spot) -> str:
    x, y = source.x + WIDTH, source.y + HEIGHT // 2
    to_x, to_y = target.x, target.y + HEIGHT // 2
    if target.column > source.column:
        middle = (x + to_x) // 2
        return f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
    # A loop leads back: out to the right and in from the right, so that it is seen as one.
    to_x += WIDTH
    beyond = max(x, to_x) + 44
    return f"M{x} {y}C{beyond} {y} {beyond} {to_y} {to_x} {to_y}"


def _node(node: Node, spot: Spot, lit: Collection[str] | None) -> str:
    state = "" if lit is None else " lit" if node.key in lit else " dim"
    key, words = escape(node.key), escape(node.words)
    link = f' href="{escape(node.href)}"' if node.href else ""
    icon = f'<use href="{escape(node.icon)}" x="10" y="7" width="16" height="16"/>'
    return (
        f'<a class="node{state}" id="node-{key}"{link} data-tone="{node.tone}" data-key-of="{key}" '
        f'aria-label="{words}" transform="translate({spot.x} {spot.y})"><title>{words}</title>'
        f'<rect class="box" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<rect class="edge-of-box" width="4" height="{HEIGHT}" rx="2"/>'
        f"{icon if node.icon else ''}"
        f'<text class="name" x="{32 if node.icon else 12}" y="20">'
        f"{escape(_cut(node.label, NAME_LETTERS))}</text>{_second_line(node)}</a>"
    )


def _second_line(node: Node) -> str:
    if not node.badges:
        return f'<text class="kind" x="12" y="38">{escape(_cut(node.kind, KIND_LETTERS))}</text>'
    return "".join(_pill(badge, x) for badge, x in _fitting(node.badges))


def _fitting(badges: Sequence[Badge]) -> list[tuple[Badge, int]]:
    """Return the badges that fit side by side and where each begins; the rest is a number."""
    shown: list[tuple[Badge, int]] = []
    x = 10
    for place_in_line, badge in enumerate(badges):
        rest = len(badges) - place_in_line
        if x + _width(badge.text) > PILL_ROOM and rest > 1:
            return [*shown, (Badge(f"+{rest}"), x)]
        shown.append((badge, x))
        x += _width(badge.text) + 4
    return shown


def _width(text: str) -> int:
    return round(len(text) * LETTER) + 10


def _pill(badge: Badge, x: int) -> str:
    width = _width(badge.text)
    return (
        f'<g class="pill" data-tone="{badge.tone}"><rect x="{x}" y="27" width="{width}" '
        f'height="16" rx="5"/><text x="{x + width // 2}" y="39">{escape(badge.text)}</text></g>'
    )


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
