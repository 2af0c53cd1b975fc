"""What the workspace keeps for its users."""

from workspace.models.deeds import Deed, DeedRow
from workspace.models.presence import Presence
from workspace.models.saved_views import SavedView, UsualView
from workspace.models.shifts import ShiftNote, ShiftReceipt, WallScreen

__all__ = [
    "Deed",
    "DeedRow",
    "Presence",
    "SavedView",
    "ShiftNote",
    "ShiftReceipt",
    "UsualView",
    "WallScreen",
]
