"""The search over everything: numbers first, then words."""

from workspace.search.finding import Group, Hit, find, jump

__all__ = ["Group", "Hit", "find", "jump"]
