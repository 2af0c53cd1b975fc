"""The first screen of a shift: what needs you, what to watch, and the hand-over (ux C.13)."""

from workspace.home.panels import Home, home_of
from workspace.home.presets import PRESETS, preset_of

__all__ = ["PRESETS", "Home", "home_of", "preset_of"]
