"""Load the base configuration."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workspace.configuration.base import load_base
from workspace.configuration.shipped import BadConfiguration


class Command(BaseCommand):
    """Create what is missing of the base configuration."""

    help = "Create what is missing of the base configuration; what a site changed stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--as-documented",
            action="store_true",
            help="Also add the document's own 14-row decision table, as a draft.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and print one line per kind."""
        try:
            loaded = load_base(now=timezone.now(), as_documented=options["as_documented"])
        except BadConfiguration as error:
            raise CommandError(str(error)) from error
        for counts in loaded:
            self.stdout.write(str(counts))
