"""What a person has chosen for the workspace (ux C.11), read from the user's row."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from core.models import User


@dataclass(frozen=True, slots=True)
class Command:
    """A single key and what it does; the key is the one shipped."""

    key: str
    label: str
    where: str


# What may be given another key. The pages mark their elements with the shipped key.
COMMANDS: Final = (
    Command("/", "Search", "everywhere"),
    Command("c", "New incident", "everywhere"),
    Command("n", "New record", "lists"),
    Command("f", "Add a filter", "lists"),
    Command("j", "Next row", "lists"),
    Command("k", "Previous row", "lists"),
    Command("o", "Open the row", "lists"),
    Command("x", "Select the row", "lists"),
    Command(".", "Apply pending changes", "lists"),
    Command("l", "Pause or resume live updates", "lists"),
    Command("e", "Escalate", "records"),
    Command("y", "Resolve", "records"),
    Command("v", "Notify customers", "records"),
    Command("a", "Assign", "records"),
    Command("m", "Assign to me", "records"),
    Command("w", "Write a work note", "records"),
    Command("u", "Write a customer comment", "records"),
)
LANDINGS: Final = (
    ("", "Home"),
    ("incidents?view=my_groups", "Incidents of my groups"),
    ("incidents?view=mine", "Incidents assigned to me"),
    ("tasks?view=my_groups", "Tasks of my groups"),
    ("cases?view=open", "Open cases"),
)
# What home shows first; without a choice the user's groups decide (workspace/home/presets.py).
HOMES: Final = (
    ("", "As my groups work"),
    ("coordinator", "Coordinator"),
    ("engineer", "Engineer"),
    ("major", "Major incident manager"),
    ("manager", "Manager"),
    ("admin", "Administrator"),
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices; the defaults are what a new user gets."""

    motion: str = "system"
    toasts: str = "fade"
    single_keys: str = "on"
    zone: str = "UTC"
    landing: str = ""
    home: str = ""
    facets: str = "hidden"
    keys: dict[str, str] = field(default_factory=dict)

    def zone_info(self) -> ZoneInfo:
        """Return the chosen time zone."""
        return ZoneInfo(self.zone)


CHOICES: Final[dict[str, frozenset[str]]] = {
    "motion": frozenset({"system", "reduced"}),
    "toasts": frozenset({"fade", "stay"}),
    "single_keys": frozenset({"on", "off"}),
    "landing": frozenset(key for key, _ in LANDINGS),
    "facets": frozenset({"hidden", "beside"}),
    "home": frozenset(key for key, _ in HOMES),
}


@cache
def zones() -> frozenset[str]:
    """Return the time zones of this machine; they are many files, read when first asked for."""
    return frozenset(available_timezones())


def preferences_of(user: Any) -> Preferences:
    """Return a user's choices; whatever is kept and no longer offered is the default again."""
    kept: dict[str, Any] = getattr(user, "preferences", None) or {}
    chosen = {name: kept[name] for name, all_of in CHOICES.items() if kept.get(name) in all_of}
    if kept.get("zone", "UTC") != "UTC" and kept["zone"] in zones():
        chosen["zone"] = kept["zone"]
    keys = kept.get("keys")
    return Preferences(**chosen, keys=sound_keys(keys) if isinstance(keys, dict) else {})


def keep(user: User, chosen: Preferences) -> None:
    """Store a user's choices."""
    user.preferences = asdict(chosen)
    user.save(update_fields=["preferences"])


def sound_keys(wanted: dict[str, str]) -> dict[str, str]:
    """Return the remapped keys among those wanted that are one character and not used twice."""
    known = {command.key for command in COMMANDS}
    single = {old: new for old, new in wanted.items() if old in known and is_key(new)}
    return {} if clashes(single) else {old: new for old, new in single.items() if old != new}


def is_key(text: object) -> bool:
    """Tell whether this can be a single key: one printable character, but not our leaders."""
    return isinstance(text, str) and len(text) == 1 and text.isprintable() and text not in "g? "


def clashes(changed: dict[str, str]) -> list[str]:
    """Return the keys that two commands would share."""
    return _repeated(changed.get(command.key, command.key) for command in COMMANDS)


def _repeated(keys: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice = []
    for key in keys:
        if key in seen:
            twice.append(key)
        seen.add(key)
    return sorted(set(twice))
