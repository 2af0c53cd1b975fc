"""One implementation of every list: columns, views and filters are data (ux C.1)."""

from workspace.lists.definition import Column, ListPage, View
from workspace.lists.paging import BadCursor, Page, page_of
from workspace.lists.registry import LIST_PAGES, list_page

__all__ = ["LIST_PAGES", "BadCursor", "Column", "ListPage", "Page", "View", "list_page", "page_of"]
