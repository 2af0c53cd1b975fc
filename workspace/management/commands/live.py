"""Serve the event stream of live pages."""

import os
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand

from workspace.live.feed import Feed
from workspace.live.stream import Stream


class Command(BaseCommand):
    """`manage.py live`: the stream alone; pages ask by themselves while it is away."""

    help = "Serve the event stream of live pages on PSEW_LIVE_PORT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.LIVE_PORT or 8001)

    def handle(self, *args: Any, **options: Any) -> None:
        uvicorn.run(
            Stream(Feed(), most=settings.LIVE_CONNECTIONS),
            host=os.environ.get("PSEW_BIND", "127.0.0.1"),
            port=options["port"],
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            # Listeners never leave by themselves; nobody loses anything when they are sent away.
            timeout_graceful_shutdown=1,
        )
