"""Bring database and static files up to this version; safe to run at every start."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py prepare`: one process for what would be five, because each costs a second."""

    help = "Migrate, load the base data (and the demo, once, on a demo site), collect static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_base")
        if settings.DEMO_MODE:
            call_command("load_demo", once=True)
        if "build_icons" in get_commands():
            call_command("build_icons")
        call_command("collectstatic", verbosity=0, interactive=False)
