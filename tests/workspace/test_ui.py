"""The tag library, the words it uses and the limits all templates keep."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory

from workspace import words
from workspace.icons import ICONS, NoSuchIcon, build_sprite, ensure_sprite, sprite_path
from workspace.markdown import to_html
from workspace.parts import Step
from workspace.templatetags import ui

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
STATIC = Path(settings.BASE_DIR, "workspace", "static", "workspace")


def render(source: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(
        Context({"request": request, "now": NOW, **context})
    )


def test_a_priority_is_said_by_shape_number_and_word() -> None:
    html = render("{% chip_priority 2 %}")
    assert "#triangle-alert" in html
    assert "P2" in html
    assert "High" in html
    assert 'data-tone="p2"' in html


def test_a_state_is_escaped_and_unknown_ones_are_neutral() -> None:
    html = render("{% chip_state state %}", state="<b>Odd</b>")
    assert "&lt;b&gt;Odd" in html
    assert 'data-tone="p5"' in html


def test_text_in_badges_names_and_links_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    html = render(
        "{% badge evil %}{% user evil %}{% ref evil '/x' %}{% count_link 1 evil '/x' %}", evil=evil
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4


def test_empty_references_say_so() -> None:
    html = render("{% ref none %}{% user none %}{% when none %}{% duration none %}{% money none %}")
    assert html.count("(empty)") == 5


def test_a_moment_is_relative_and_exact_at_once() -> None:
    html = render("{% when moment %}", moment=NOW - timedelta(minutes=72))
    assert ">1 h 12 min ago<" in html
    assert 'datetime="2026-03-04T10:48:00Z"' in html
    assert "4 Mar 2026 10:48:00 UTC" in html


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(days=3, hours=5), "3 d ago"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(days=60), "3 Jan 2026"),
    ],
)
def test_distance_in_time_reads_naturally(away: timedelta, text: str) -> None:
    assert words.relative(NOW - away, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(45, "45 s"), (720, "12 min"), (3600, "1 h"), (4320, "1 h 12 min"), (273_600, "3 d 4 h")],
)
def test_durations_use_their_two_largest_units(seconds: int, text: str) -> None:
    assert words.duration(seconds) == text


def test_sums_show_cents_only_when_there_are_some() -> None:
    assert words.money(12500, "EUR") == "EUR 12,500"
    assert words.money(99.5, "USD") == "USD 99.50"


def test_the_stepper_marks_one_current_stage() -> None:
    html = str(
        ui.stage_stepper(
            [Step("Triage", "done", "12 min"), Step("L1", "current"), Step("L2", "todo")]
        )
    )
    assert html.count('aria-current="step"') == 1
    assert html.index("Triage") < html.index("L1") < html.index("L2")
    assert "not reached" in html


def test_a_query_string_keeps_the_rest_and_forgets_the_place() -> None:
    html = render("{% qs sort='-priority' state='' %}", path="/?state=new&q=x&after=17")
    assert html == "?q=x&amp;sort=-priority"


def test_a_sorted_column_turns_round() -> None:
    html = render("{% sort_header 'Number' 'number' %}", path="/?sort=number")
    assert 'aria-sort="ascending"' in html
    assert "sort=-number" in html


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        '<img src="https://x/y.png" onerror="alert(1)">',
        '<p style="position:fixed">x</p>',
        "<iframe src='https://x'></iframe>",
    ],
)
def test_markdown_cannot_do_harm(evil: str) -> None:
    html = to_html(evil)
    for word in (
        "<script",
        "javascript:",
        "data:text",
        "onclick",
        "onerror",
        "style=",
        "<iframe",
        "<img",
    ):
        assert word not in html


def test_markdown_renders_lists_code_and_check_boxes() -> None:
    html = to_html("# Check\n\n- [x] ping\n- [ ] console\n\n`show version`")
    assert "<h3>Check</h3>" in html
    assert html.count('type="checkbox" disabled') == 2
    assert html.count("checked") == 1
    assert "<code>show version</code>" in html


def test_an_unlisted_icon_is_refused() -> None:
    with pytest.raises(NoSuchIcon):
        ui.icon("no-such-icon")


def test_a_labelled_icon_speaks_and_a_bare_one_is_silent() -> None:
    assert 'role="img" aria-label="to"' in ui.icon("arrow-right", "to")
    assert "aria-hidden=true" in ui.icon("arrow-right")


def test_the_sprite_carries_every_icon_the_templates_use() -> None:
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon ["\']([\w-]+)["\']', path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= set(ICONS)


def test_the_sprite_is_made_when_it_is_missing() -> None:
    sprite_path().unlink(missing_ok=True)
    text = ensure_sprite().read_text(encoding="utf-8")
    assert text == build_sprite()
    assert all(f'<symbol id="{name}"' in text for name in ICONS)


def _packed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / "css" / f"{name}.css").read_bytes())) for name in names)


def test_styles_stay_small() -> None:
    everywhere = ("foundation", "pages", "shell")
    assert _packed(*everywhere) <= 11.5 * 1024
    others = {path.stem for path in (STATIC / "css").glob("*.css")} - set(everywhere)
    assert {name: _packed(name) for name in others if _packed(name) > 2.2 * 1024} == {}


def _loaded_by(name: str) -> set[str]:
    """Return the script and all it imports."""
    found, todo = set[str](), [name]
    while todo:
        each = todo.pop()
        if each not in found:
            found.add(each)
            text = (STATIC / "js" / f"{each}.js").read_text(encoding="utf-8")
            todo += re.findall(r'(?:from|import) "\./([\w-]+)\.js"', text)
    return found


def test_scripts_stay_small_and_never_re_export() -> None:
    scripts = list((STATIC / "js").glob("*.js"))
    packed = {script.stem: len(gzip.compress(script.read_bytes())) for script in scripts}
    everywhere = _loaded_by("app")
    live = sum(packed[name] for name in everywhere if name.startswith("live"))
    assert live <= 6.1 * 1024
    assert sum(packed[name] for name in everywhere) - live <= 19 * 1024
    alone = set(packed) - everywhere
    assert {name: packed[name] for name in alone if packed[name] > 2.5 * 1024} == {}
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert len(text) <= 12 * 1024
        assert not re.search(r"export\s*(\*|{[^}]*})\s*from", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_styles_handlers_or_scripts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style[\s>]", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"hx-on|hx-vals=.js:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "nonce=" in tag
    assert not re.search(r"(src|href)=[\"']https?://", text)


def test_a_sentence_keeps_its_code_and_no_markup() -> None:
    told = render("{{ text|sentence }}", text="`a<b` and <b>*no*</b> `c")
    assert told == "<code>a&lt;b</code> and &lt;b&gt;*no*&lt;/b&gt; `c"
