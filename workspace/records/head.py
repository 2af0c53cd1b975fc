"""The head every record page has: number, title, facts, tabs and buttons, all of it data."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from workspace import words
from workspace.parts import Tone
from workspace.records.verbs import Action


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a record with its name and how it looks; `bare` keeps the name for the ear."""

    label: str
    value: Any
    kind: str = "ref"  # ref | priority | state | user | when | clock | text
    url: str = ""
    tone: Tone = ""
    missing: str = words.EMPTY
    bare: bool = False
    edit: str = ""  # where it is changed, if the reader may
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


@dataclass
class RecordHead:
    """The part every tab of a record shows; `badges` are words with their tone."""

    number: str
    title: str
    facts: list[Fact]
    tabs: list[Tab]
    actions: list[Action] = field(default_factory=list)
    badges: list[tuple[str, Tone]] = field(default_factory=list)

    @property
    def has_menu(self) -> bool:
        return any(action.menu for action in self.actions)


Tabs = tuple[tuple[str, str, str], ...]


def tabs_of(tabs: Tabs, number: str, current: str) -> list[Tab]:
    """Return the tabs of a record; in: key, label and name of the address of each."""
    return [Tab(label, reverse(name, args=[number]), key == current) for key, label, name in tabs]


def linked(label: str, record: Any, name: str, shown: Any = None) -> Fact:
    """Return a fact that leads to another record; empty where there is none."""
    if record is None:
        return Fact(label, "")
    return Fact(label, shown or record.number, url=reverse(name, args=[record.number]))


def in_short(record: Any) -> list[Fact]:
    """Return the facts that every worked record shows in its head."""
    return [
        Fact("Priority", record.priority, "priority", bare=True),
        Fact("State", record.get_state_display(), "state", bare=True),
        Fact("Group", record.assignment_group),
        Fact("Assigned to", record.assigned_to, "user", missing="nobody yet"),
        Fact("Opened", record.opened_at, "when"),
    ]
