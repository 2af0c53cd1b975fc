"""Load the demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workspace.configuration.credentials import credentials_path
from workspace.configuration.demo import DemoRefused, demo_is_there, load_demo
from workspace.configuration.shipped import BadConfiguration


class Command(BaseCommand):
    """Load the demo into a domain of its own."""

    help = "Load the demo: people, network, records and history in a domain of their own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--once", action="store_true", help="Do nothing where the demo is loaded already."
        )
        parser.add_argument("--force", action="store_true", help="Load it in production too.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say where the passwords are."""
        if options["once"] and demo_is_there():
            self.stdout.write("The demo is loaded already.")
            return
        try:
            load_demo(now=timezone.now(), force=options["force"])
        except (DemoRefused, BadConfiguration) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The demo is loaded. Passwords and token: {credentials_path()}")
