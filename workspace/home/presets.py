"""What home shows to whom: an order of panels per kind of work (ux C.13)."""

from dataclasses import dataclass
from typing import Final

from core.models import User
from workspace.preferences import HOMES, preferences_of


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of work, and the panels of home in their order."""

    key: str
    panels: tuple[str, ...]

    @property
    def label(self) -> str:
        return dict(HOMES)[self.key]


PRESETS: Final = (
    Preset("coordinator", ("needs", "waiting", "promises", "pressing", "watch", "tasks", "work")),
    Preset("engineer", ("needs", "mine", "tasks", "pressing", "waiting", "work")),
    Preset("major", ("majors", "waiting", "promises", "pressing", "needs", "watch", "work")),
    Preset("manager", ("backlog", "load", "pressing", "waiting", "watch", "work")),
    Preset("admin", ("systems", "needs", "pressing")),
)
# What the shipped groups do. Who is in several gets what comes first above; a site with other
# groups lets its people choose in their preferences.
OF_GROUP: Final = {
    "Network Coordinators": "coordinator",
    "L1 Network Engineering": "engineer",
    "L2 Network Engineering": "engineer",
    "L3 Network Engineering": "engineer",
    "Field Service": "engineer",
    "Major Issue Management": "major",
    "Change Management": "manager",
}
ALL_BY_KEY: Final = {preset.key: preset for preset in PRESETS}


def preset_of(user: User) -> Preset:
    """Return what the user chose, else what their groups do, else what fits their rights."""
    chosen = preferences_of(user).home
    if chosen:
        return ALL_BY_KEY[chosen]
    names = set(user.assignment_groups.values_list("name", flat=True))
    held = {OF_GROUP[name] for name in names if name in OF_GROUP}
    if not held:
        return ALL_BY_KEY["admin" if user.is_staff else "coordinator"]
    return next(preset for preset in PRESETS if preset.key in held)
