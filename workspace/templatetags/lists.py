"""Draw the cells of a list; the column says how (ux C.1)."""

from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workspace import words
from workspace.lists.conditions import Condition
from workspace.lists.definition import Column, ListPage, Row
from workspace.templatetags import ui

register = template.Library()
EMPTY = format_html("<em>{}</em>", words.EMPTY)


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Column, row: Row) -> SafeString:
    """Draw one cell that is sent alone; its id says which cell of the page it is."""
    page: ListPage = context["list"]
    name = f"{page.name}-{row['id']}-{column.key}"
    end = "</th>" if column.kind == "number" else "</td>"
    return _cell(context, column, row, format_html(' id="{}"', name)) + mark_safe(end)


@register.simple_tag(takes_context=True)
def page_cell(context: Context, column: Column, row: Row) -> SafeString:
    """Draw one cell of a page.

    A page has hundreds: scripts give them their ids (rows.js), and the quotes, end tags and
    labels that HTML and the headers can do without are left out.
    """
    return _cell(context, column, row, SafeString(""))


def _cell(context: Context, column: Column, row: Row, name: SafeString) -> SafeString:
    body = KINDS[column.kind](context, context["list"], column, row)
    if column.kind == "number":
        return format_html("<th{} scope=row>{}", name, body)
    place = css(column)
    classes = format_html(" class={}", place) if place else ""
    return format_html("<td{}{}>{}", name, classes, body)


@register.simple_tag(takes_context=True)
def value(context: Context, column: Column, row: Row) -> SafeString:
    """Draw a column's value without its cell."""
    return KINDS[column.kind](context, context["list"], column, row)


@register.simple_tag(takes_context=True)
def row_tools(context: Context, row: Row) -> SafeString:
    """Draw what selects a row; what previews it, and the row's id, are added by rows.js."""
    page: ListPage = context["list"]
    return format_html(
        "<td class=tight><input type=checkbox class=row-check name=id value={} "
        'aria-label="Select {}">',
        row["id"],
        row[page.url_field],
    )


@register.simple_tag
def css(column: Column) -> str:
    """Return the classes that decide where a narrow screen puts the column."""
    if column.key in ("short_description", "name"):
        return "grow"
    if column.kind == "priority":
        return "c-lead"
    if column.key in ("stage", "accounts"):
        return "c-minor"
    return "c-extra" if column.minor else ""


@register.simple_tag(takes_context=True)
def list_header(context: Context, column: Column) -> SafeString:
    """Write a column's header; it sorts where the column does, with Shift as second key."""
    edit = column.edit and context["request"].user.has_perm(column.edit)
    place = css(column)
    more = format_html(" class={}", place) if place else SafeString("")
    more += format_html(" data-column={}", column.key)
    more += format_html(" data-edit={}", column.key) if edit else SafeString("")
    if not column.sort:
        return format_html("<th scope=col{}>{}</th>", more, column.label)
    keys: tuple[str, ...] = context["page"].address.sort
    order = _order(context["list"], keys, column)
    shape = {"ascending": "arrow-up", "descending": "arrow-down"}.get(order, "arrow-up-down")
    turned = f"-{column.key}" if order == "ascending" else column.key
    rank = str(len(keys)) if len(keys) > 1 and keys[-1].removeprefix("-") == column.key else ""
    return format_html(
        '<th scope=col{}{}><a href="{}" data-sort={}>{}{}{}</a></th>',
        more,
        format_html(" aria-sort={}", order) if order else "",
        ui.qs(context, sort=turned),
        turned,
        column.label,
        ui.icon(shape),
        ui.badge(rank) if rank else "",
    )


def _order(page: ListPage, keys: tuple[str, ...], column: Column) -> str:
    for key in keys:
        if key.removeprefix("-") == column.key:
            return "descending" if key.startswith("-") else "ascending"
    if not keys and page.order.removeprefix("-") == column.sort:
        return "descending" if page.order.startswith("-") else "ascending"
    return ""


@register.simple_tag(takes_context=True)
def without(context: Context, condition: Condition) -> str:
    """Return the address without one filter; it keeps `q`, so that it stays an own address."""
    return ui.qs(context, **{condition.param: ""})


@register.simple_tag(takes_context=True)
def tool(context: Context, address: str, **changes: Any) -> str:
    """Return the address of a tool of this list, with the list's state."""
    page: ListPage = context["list"]
    return reverse(f"workspace:{address}", args=[page.name]) + ui.qs(context, **changes)


def _number(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    number = row[page.url_field]
    return format_html('<a href="{}">{}</a>', reverse(page.url_name, args=[number]), number)


def _text(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    value = row[column.fields[0]]
    return EMPTY if value in (None, "") else format_html("{}", value)


def _priority(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    # The style sheet draws the shape: an icon in every row is a fifth of the page.
    value = row["priority"]
    return format_html(
        "<span class=chip data-tone=p{0}>P{0}<span class=chip-word> {1}</span></span>",
        value,
        ui.PRIORITIES.get(value, ui.PRIORITIES[5])[0],
    )


def _state(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    value = row[column.fields[0]]
    if value in (None, ""):
        return EMPTY
    return ui.chip_state(column.labels.get(value, value))


def _when(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    moment = row[column.fields[0]]
    return ui.when(context, moment) if moment else EMPTY


def _title(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    if not row["needs_attention"]:
        return format_html("{}", row["short_description"])
    bell = ui.icon("bell", "Needs attention")
    return format_html(
        '<span class="tone" data-tone="p3">{}</span> {}', bell, row["short_description"]
    )


def _count(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    return format_html("{}", row.get(column.key, 0))


def _accounts(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    count, waiting = row.get("accounts", 0), row.get("uninformed", 0)
    if not waiting:
        return format_html("{}", count)
    return format_html(
        '{} · <span class="tone" data-tone="p2">{} not informed</span>', count, waiting
    )


def _flag(context: Context, page: ListPage, column: Column, row: Row) -> SafeString:
    return format_html("{}", "Yes" if row[column.fields[0]] else "No")


Draw = Callable[[Context, ListPage, Column, Row], SafeString]
KINDS: dict[str, Draw] = {
    "number": _number,
    "text": _text,
    "ref": _text,
    "priority": _priority,
    "state": _state,
    "when": _when,
    "title": _title,
    "count": _count,
    "accounts": _accounts,
    "flag": _flag,
}
