"""A row of small bars as SVG: themable by CSS, without scripts (ux D.5)."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, GAP, HEIGHT = 8, 2, 36


def bars(counts: Sequence[int], label: str) -> SafeString:
    """Return bars for counts, the highest filling the height; `label` says it in words."""
    most = max([*counts, 1])
    heights = [round(count / most * (HEIGHT - 2)) if count else 0 for count in counts]
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1"/>',
        (
            (n * (WIDTH + GAP), HEIGHT - height - 1, WIDTH, height + 1)
            for n, height in enumerate(heights)
        ),
    )
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none">{}</svg>',
        label,
        max(len(counts), 1) * (WIDTH + GAP) - GAP,
        HEIGHT,
        drawn,
    )
