"""The tag library `ui`: small pieces of HTML that look the same on every page."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cmdb.queries import Effect
from workspace import words
from workspace.icons import NoSuchIcon, known_icons
from workspace.markdown import to_html, with_code
from workspace.parts import EFFECT_TONES, Step
from workspace.sparkline import bars

register = template.Library()

PRIORITIES = {
    1: ("Critical", "octagon-alert"),
    2: ("High", "triangle-alert"),
    3: ("Moderate", "diamond"),
    4: ("Low", "circle"),
    5: ("Planning", "minus"),
}
STATE_TONES = {
    "new": "p4",
    "in progress": "p4",
    "work in progress": "p4",
    "open": "p4",
    "on hold": "p3",
    "awaiting info": "p3",
    "pending": "p3",
    "resolved": "ok",
    "closed complete": "ok",
    "accepted": "ok",
    "closed incomplete": "p1",
    "failed": "p1",
    "ready": "p4",
    "sent": "ok",
    "completed": "ok",
    "dead": "p1",
    "bounced": "p1",
    "no contact": "p1",
    "not sent": "p1",
    "queued": "p4",
    "waiting": "p3",
    "trying again": "p2",
    "left": "ok",
    "error": "p1",
    "flowing": "ok",
    "quiet": "p2",
    "paused": "p3",
}
STEP_WORDS = {"done": "done", "current": "current stage", "todo": "not reached"}
# A changed filter or order makes a place in the old list meaningless.
PLACES = ("after", "before", "page", "start", "count", "peek")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; it is decoration unless `label` says what it means."""
    if name not in known_icons():
        raise NoSuchIcon(f"Add {name!r} to workspace/icons.py.")
    href = f"{static('workspace/icons.svg')}#{name}"
    if not label:
        # Without quotes: a page has fifty of them.
        return format_html('<svg class=icon aria-hidden=true><use href="{}"/></svg>', href)
    return format_html(
        '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
    )


@register.simple_tag
def chip_priority(priority: int, short: bool = False) -> SafeString:
    """Say a priority by shape, number and word; `short` leaves the word to screen readers."""
    name, shape = PRIORITIES.get(int(priority), PRIORITIES[5])
    return format_html(
        '<span class="chip" data-tone="p{0}">{1}P{0}<span class="{2}"> {3}</span></span>',
        int(priority),
        icon(shape),
        "sr-only" if short else "chip-word",
        name,
    )


@register.simple_tag
def chip_state(state: str, tone: str = "") -> SafeString:
    """Say a state as outlined chip; unknown words are neutral unless `tone` is given."""
    found = tone or STATE_TONES.get(str(state).lower(), "p5")
    return format_html('<span class="chip state" data-tone="{}">{}</span>', found, state)


@register.simple_tag
def chip_effect(effect: str) -> SafeString:
    """Say how hard a fault hits: down, degraded, or at risk while another path is left."""
    if not effect:
        return empty("not known")
    found = Effect(effect)
    return chip_state(found.label, EFFECT_TONES[found])


@register.simple_tag
def badge(text: object, tone: str = "p5") -> SafeString:
    """Show a small count or word."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString:
    """Show a moment relative to the page's `now`, with the exact one in title and datetime."""
    if not moment:
        return empty()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        words.absolute(moment),
        words.relative(moment, context.get("now") or timezone.now()),
    )


@register.simple_tag
def user(person: object, kind: str = "person", missing: str = words.EMPTY) -> SafeString:
    """Show a name with its initials; `kind` is person, machine or customer."""
    if not person:
        return empty(missing)
    name = str(person)
    return format_html(
        '<span class="person"><span class="avatar {}" aria-hidden="true">{}</span>'
        '<span class="cut">{}</span></span>',
        kind,
        words.initials(name),
        name,
    )


@register.simple_tag
def since(moment: datetime, now: datetime) -> SafeString:
    """Show how long ago a moment is, as a span."""
    return duration(now - moment)


@register.simple_tag
def clock(moment: datetime | None) -> SafeString:
    """Show the local time of day of a moment, with its zone."""
    if not moment:
        return empty()
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        words.absolute(moment),
        local.strftime("%H:%M %Z"),
    )


@register.simple_tag
def duration(span: timedelta | float | None) -> SafeString:
    """Show a span in words and as machine-readable duration."""
    if span is None or span == "":
        return empty()
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    return format_html('<time datetime="PT{}S">{}</time>', abs(seconds), words.duration(span))


@register.simple_tag
def money(amount: Decimal | float | None, currency: str = "EUR") -> SafeString:
    """Show a sum that does not break across lines."""
    if amount is None or amount == "":
        return empty()
    return format_html('<span class="nowrap">{}</span>', words.money(amount, currency))


@register.simple_tag
def empty(text: str = words.EMPTY) -> SafeString:
    """Show that a reference is empty (R31)."""
    return format_html('<span class="empty-ref">{}</span>', text)


@register.simple_tag
def ref(value: object, url: str = "", missing: str = words.EMPTY) -> SafeString:
    """Show a referenced record, linked when `url` is given, or "(empty)" (R31)."""
    if value is None or value == "":
        return empty(missing)
    return format_html('<a href="{}">{}</a>', url, value) if url else format_html("{}", value)


@register.simple_tag
def count_link(count: int | str, label: str, url: str, tone: str = "p5") -> SafeString:
    """Link a number to the list it counts."""
    return format_html('<a class="cluster" href="{}">{} {}</a>', url, badge(count, tone), label)


@register.simple_tag
def stage_stepper(steps: Iterable[Step], label: str = "Stages") -> SafeString:
    """Show the stages in order; the current one carries `aria-current="step"` (ux C.2)."""
    items = format_html_join("", "{}", ((_step(step),) for step in steps))
    return format_html('<ol class="stepper" aria-label="{}">{}</ol>', label, items)


def _step(step: Step) -> SafeString:
    name = ref(step.name, step.url)
    detail = format_html('<span class="detail">{}</span>', step.detail) if step.detail else ""
    why = format_html('<a class="detail" href="{}">{}</a>', step.why_url, step.why)
    why = why if step.why else SafeString("")
    return format_html(
        '<li data-state="{}"{}><span class="step-dot">{}</span><span class="step-name">{}</span>'
        '{}{}<span class="sr-only">, {}{}</span></li>',
        step.state,
        SafeString(' aria-current="step"') if step.state == "current" else "",
        icon("check") if step.state == "done" else "",
        name,
        detail,
        why,
        STEP_WORDS[step.state],
        f", {step.group}" if step.group else "",
    )


@register.filter
def markdown(text: str | None) -> SafeString:
    """Render Markdown, sanitised; wrap it in an element of class `prose`."""
    return to_html(text or "")


@register.filter
def sentence(text: str | None) -> SafeString:
    """Render a sentence of which `code spans` alone are marked up."""
    return with_code(text or "")


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """Return this page's query string with changes; an empty value removes its key."""
    query: QueryDict = context["request"].GET.copy()
    for key in [*PLACES, *changes]:
        query.pop(key, None)
    for key, value in changes.items():
        if isinstance(value, (list, tuple)):
            query.setlist(key, [str(each) for each in value])
        elif value not in (None, ""):
            query[key] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, key: str, css: str = "", default: str = ""
) -> SafeString:
    """Write a column header that sorts by `key` and turns the order round on the second press."""
    now = context["request"].GET.get("sort") or default
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    shape = {"ascending": "arrow-up", "descending": "arrow-down"}.get(order, "arrow-up-down")
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', order) if order else "",
        qs(context, sort=f"-{key}" if order == "ascending" else key),
        label,
        icon(shape),
    )


@register.simple_tag
def bar_row(counts: Sequence[int], label: str) -> SafeString:
    """Draw counts as a row of bars; `label` tells them in words."""
    return bars(counts, label)
