"""One implementation of every list: columns, fields and views are data (ux C.1)."""

from workspace.lists.definition import Column, Field, ListPage, View
from workspace.lists.order import BadCursor
from workspace.lists.paging import Page, page_of
from workspace.lists.registry import LIST_PAGES, list_page

__all__ = [
    "LIST_PAGES",
    "BadCursor",
    "Column",
    "Field",
    "ListPage",
    "Page",
    "View",
    "list_page",
    "page_of",
]
