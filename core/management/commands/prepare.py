"""Bring database and static files up to this version; safe to run at every start."""

import time
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py prepare`: one process for what would be five, because each costs a second."""

    help = "Migrate, load the base data (and the demo, once, on a demo site), collect static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._do("migrate", interactive=False)
        self._do("load_base")
        if settings.DEMO_MODE:
            self._do("load_demo", once=True)
        self._do("retell_tickets", missing=True)
        self._do("build_icons")
        self._do("collectstatic", interactive=False)

    def _do(self, command: str, **options: object) -> None:
        begun = time.monotonic()
        # What they report belongs to those who call them one by one; errors are raised.
        call_command(command, verbosity=0, stdout=StringIO(), **options)
        self.stdout.write(f"{command} done in {time.monotonic() - begun:.1f} s")
