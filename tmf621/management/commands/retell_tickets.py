"""Rewrite what the trouble ticket API finds tickets by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.scope import everything
from tmf621.documents import tell_all, tell_missing


class Command(BaseCommand):
    """`manage.py retell_tickets`: after renaming things, or (`--missing`) after bulk loads."""

    help = "Rewrite the documents that ticket filters search; --missing writes only absent ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only tickets without one")

    def handle(self, *args: Any, **options: Any) -> None:
        with everything():
            count = tell_missing() if options["missing"] else tell_all()
        self.stdout.write(f"{count} tickets told again")
