"""Draw the cells of a list; the column says how (ux C.1)."""

from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workspace.lists.definition import Column, ListPage
from workspace.templatetags import ui

register = template.Library()
Row = dict[str, Any]


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Column, row: Row) -> SafeString:
    """Draw one cell; its id lets a change patch just this cell."""
    page: ListPage = context["list"]
    body = KINDS[column.kind](context, page, column, row)
    name = f"{page.name}-{row['id']}-{column.key}"
    if column.kind == "number":
        return format_html('<th scope="row" id="{}">{}</th>', name, body)
    return format_html(
        '<td id="{}" class="{}" data-label="{}">{}</td>', name, css(column), column.label, body
    )


@register.simple_tag
def css(column: Column) -> str:
    """Return the classes that decide where a narrow screen puts the column."""
    if column.key in ("short_description", "name"):
        return "grow"
    if column.kind == "priority":
        return "c-lead"
    return "cut c-extra" if column.minor else "cut"


def _number(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    number = row[page.url_field]
    return format_html('<a href="{}">{}</a>', reverse(page.url_name, args=[number]), number)


def _text(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    value = row[column.fields[0]]
    return ui.empty() if value in (None, "") else format_html("{}", value)


def _priority(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    return ui.chip_priority(row["priority"])


def _state(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    value = row[column.fields[0]]
    if value in (None, ""):
        return ui.empty()
    return ui.chip_state(column.labels.get(value, value))


def _when(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    return ui.when(context, row[column.fields[0]])


def _title(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    if not row["needs_attention"]:
        return format_html("{}", row["short_description"])
    bell = ui.icon("bell", "Needs attention")
    return format_html(
        '<span class="tone" data-tone="p3">{}</span> {}', bell, row["short_description"]
    )


Draw = Callable[[Context, ListPage, Column, Row], SafeString]
KINDS: dict[str, Draw] = {
    "number": _number,
    "text": _text,
    "ref": _text,
    "priority": _priority,
    "state": _state,
    "when": _when,
    "title": _title,
}
