"""What the workspace keeps for its users."""

from workspace.models.saved_views import SavedView, UsualView

__all__ = ["SavedView", "UsualView"]
