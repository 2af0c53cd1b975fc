"""Turn people's Markdown into HTML that cannot do harm."""

import re

import markdown as python_markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

NAMES = (
    "p br hr strong em del code pre blockquote ul ol li a h3 h4 h5 h6 table thead tbody tr th td"
)
TAGS = set(NAMES.split())
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")
CODE = re.compile(r"`([^`\n]+)`")
TASK = re.compile(r"<li>(\s*<p>)?\[([ xX])\]\s+")


def to_html(text: str) -> SafeString:
    """Return sanitised HTML; headings start at level 3, `- [ ]` becomes a disabled check box."""
    raw = python_markdown.markdown(
        text,
        extensions=["fenced_code", "tables", "sane_lists", "nl2br"],
        output_format="html",
    )
    levelled = _headings_from_three(raw)
    clean = nh3.clean(levelled, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)
    return mark_safe(TASK.sub(_check_box, clean))


def with_code(text: str) -> SafeString:
    """Return a sentence as escaped HTML with its `code spans`, and no other Markdown, marked up."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))


def _headings_from_three(html: str) -> str:
    """Shift all headings alike, so that the highest one follows the page's own level 2."""
    shift = 3 - min((int(found[2]) for found in HEADING.finditer(html)), default=3)
    return HEADING.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + shift)}", html)


def _check_box(match: re.Match[str]) -> str:
    done = match[2] != " "
    label, checked = ("Done", " checked") if done else ("To do", "")
    box = f'<input type="checkbox" disabled{checked} aria-label="{label}">'
    return f'<li class="task">{match[1] or ""}{box} '
