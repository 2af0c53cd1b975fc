"""Wire the workspace: a fresh clone gets its icon sprite before the first page."""

from django.apps import AppConfig

from workspace.icons import ensure_sprite


class WorkspaceConfig(AppConfig):
    """The agents' browser pages."""

    name = "workspace"

    def ready(self) -> None:
        """Make the icons available to pages and to collectstatic."""
        ensure_sprite()
