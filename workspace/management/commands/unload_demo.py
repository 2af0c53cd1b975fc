"""Remove the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from workspace.configuration.removal import unload_demo


class Command(BaseCommand):
    """Remove the demo with everything made in its domain since."""

    help = "Remove the demo with everything that was made in its domain since."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and print what went and what stayed."""
        removed = unload_demo()
        for name, count in sorted(removed.counts.items()):
            self.stdout.write(f"{name}: {count} removed")
        if not removed.counts:
            self.stdout.write("There is no demo.")
        if removed.credentials:
            self.stdout.write("The file with the passwords is removed.")
        if removed.kept_admin:
            self.stdout.write("The user admin stays: nobody else could administer this site.")
