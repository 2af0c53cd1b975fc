"""Write the icon sprite anew."""

from typing import Any

from django.core.management.base import BaseCommand

from workspace.icons import ICONS, ensure_sprite, sprite_path


class Command(BaseCommand):
    """Write the icon sprite into the generated static files."""

    help = "Write the icon sprite from the lucide wheel into the generated static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace whatever sprite is there."""
        sprite_path().unlink(missing_ok=True)
        path = ensure_sprite()
        self.stdout.write(f"{len(ICONS)} icons in {path}")
