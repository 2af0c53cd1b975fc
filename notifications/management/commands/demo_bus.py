"""Run a small bus that prints the events it gets, to see deliveries and retries happen."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.sink import Arrivals, Server


class PrintedArrivals(Arrivals):
    """Arrivals that are shown as they come."""

    def accept(self, event: dict[str, Any]) -> bool:
        taken = super().accept(event)
        word = "taken  " if taken else "refused"
        sequence = event.get("analyticCharacteristic", [{}])[0].get("value", "")
        head = f"{word} {event.get('eventType')} {event.get('correlationId')} #{sequence}"
        print(head, event.get("eventId"), flush=True)  # noqa: T201  (printing is the purpose)
        return taken


class Command(BaseCommand):
    """`manage.py demo_bus`: name its address in a subscriber of the kind HTTP endpoint."""

    help = "Run a small HTTP bus on this machine that prints the events it gets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8093)
        parser.add_argument(
            "--fail-first", type=int, default=0, help="answer 503 to the first N calls"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        server = Server(options["port"], PrintedArrivals(fail_first=options["fail_first"]))
        self.stdout.write(json.dumps({"listening": server.url}))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("stopped")
        finally:
            server.server_close()
