"""Run the scheduler: every tick it sweeps all tables of due work and does the duties."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from core.schedule import tick


class Command(BaseCommand):
    """`manage.py beat`: needs the database only, so it works while the broker does not."""

    help = "Run the scheduler (and, with a short period and no broker, all background work)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two ticks")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                tick()
            except Exception as error:
                self.stderr.write(f"tick failed, trying again: {error}")
            stop.wait(options["every"])
