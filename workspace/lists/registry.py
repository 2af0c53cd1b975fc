"""The lists of the workspace (R29)."""

from workspace.lists.changes import CHANGES, OUTAGES
from workspace.lists.customers import ACCOUNTS, CASES
from workspace.lists.definition import ListPage
from workspace.lists.incidents import ALERTS, INCIDENTS, TASKS

LIST_PAGES = {p.name: p for p in (INCIDENTS, TASKS, CASES, CHANGES, ACCOUNTS, OUTAGES, ALERTS)}


def list_page(name: str) -> ListPage:
    """Return the list of this name; KeyError for a name that is no list."""
    return LIST_PAGES[name]
