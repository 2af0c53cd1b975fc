"""Bring a configuration in that another site wrote out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actor import SYSTEM, Actor, actor_of
from core.models import User
from workspace.exchange.kinds import Act, BadImport
from workspace.exchange.moving import import_from


class Command(BaseCommand):
    """Bring in what a folder holds, all of it or nothing."""

    help = "Bring in a folder that export_config wrote; rows only this site has stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder and the options."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="Only say what would change.")
        parser.add_argument("--by", default="", help="The user in whose name it is done.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring in, and print every change."""
        if not options["folder"].is_dir():
            raise CommandError(f"There is no folder {options['folder']}.")
        act = Act(by=self._actor(options["by"]), now=timezone.now())
        try:
            changes = import_from(options["folder"], act=act, check=options["check"])
        except BadImport as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        for change in changes:
            self.stdout.write(str(change))
        verb = "would change" if options["check"] else "changed"
        self.stdout.write(f"{len(changes)} rows {verb}.")

    def _actor(self, name: str) -> Actor:
        if not name:
            return SYSTEM
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {name!r}.")
        return actor_of(user)
