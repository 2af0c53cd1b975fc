"""Start everything psew needs on this machine, and stop it together."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.embedded.supervisor import CannotStart, Supervisor


class Command(BaseCommand):
    """`manage.py up`: servers, web, stream, worker and scheduler in one go."""

    help = (
        "Start PostgreSQL and Valkey unless they are given, then web, stream, worker and scheduler."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lite", action="store_true", help="SQLite, no broker")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor(
            root=settings.BASE_DIR,
            data=settings.DATA_DIR,
            port=options["port"],
            lite=options["lite"],
        )
        try:
            supervisor.run()
        except CannotStart as reason:
            raise SystemExit(f"psew: {reason}") from reason
