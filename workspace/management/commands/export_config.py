"""Write the configuration out as text."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from workspace.exchange.moving import export_to


class Command(BaseCommand):
    """Write the whole configuration below a folder."""

    help = "Write tables, subflows, messages, properties, rules, roles and choices as text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and print how many rows of each kind."""
        for kind, count in export_to(options["folder"]).items():
            self.stdout.write(f"{kind}: {count}")
