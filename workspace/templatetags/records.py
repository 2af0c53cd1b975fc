"""Draw the facts of a record; the fact says how."""

from collections.abc import Callable

from django import template
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workspace.records.head import Fact
from workspace.templatetags import ui

register = template.Library()


@register.simple_tag(takes_context=True)
def fact(context: Context, shown: Fact) -> SafeString:
    """Draw a fact's value without its name."""
    if shown.value is None or shown.value == "":
        return ui.ref("", missing=shown.missing)
    return KINDS[shown.kind](context, shown)


def _clock(context: Context, shown: Fact) -> SafeString:
    if not shown.tone:
        return ui.clock(shown.value)
    late = ui.icon("triangle-alert", "Overdue:")
    return format_html(
        '<span class="tone" data-tone="{}">{} {}</span>', shown.tone, late, ui.clock(shown.value)
    )


def _text(context: Context, shown: Fact) -> SafeString:
    return linebreaksbr(str(shown.value))


KINDS: dict[str, Callable[[Context, Fact], SafeString]] = {
    "ref": lambda context, shown: ui.ref(shown.value, shown.url),
    "priority": lambda context, shown: ui.chip_priority(shown.value),
    "state": lambda context, shown: ui.chip_state(shown.value, shown.tone),
    "user": lambda context, shown: ui.user(shown.value),
    "when": lambda context, shown: ui.when(context, shown.value),
    "clock": _clock,
    "text": _text,
}
