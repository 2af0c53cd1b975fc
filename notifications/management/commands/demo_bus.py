"""Run a small bus that prints the events it gets, to see deliveries and retries happen."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.sink import Arrivals, Server, Trouble
from notifications.sink.dialects import Call
from notifications.sink.trouble import FOR_EVER, KINDS


class PrintedArrivals(Arrivals):
    """Arrivals that are shown as they come."""

    def accept(self, call: Call) -> Trouble | None:
        """Take or spoil a call as usual, and print which."""
        trouble = super().accept(call)
        word = trouble.kind if trouble else "taken"
        sequence = call.event.get("analyticCharacteristic", [{}])[0].get("value", "")
        head = f"{word:12} {call.dialect:8} {call.topic} {call.event.get('eventType')}"
        tail = f"{call.event.get('correlationId')} #{sequence} {call.event.get('eventId')}"
        print(head, tail, flush=True)  # noqa: T201  (printing is the purpose)
        return trouble


class Command(BaseCommand):
    """`manage.py demo_bus`: name its address in a subscriber of the kind HTTP endpoint."""

    help = """Run a small HTTP bus on this machine that prints the events it gets: posted as they
    are to any path, or to /topics/NAME and /v3/clusters/ID/topics/NAME/records as the REST
    proxies of Kafka take them. GET /arrivals lists them; POST /control {"kind": "fail",
    "times": 3} makes it misbehave, {"kind": "behave"} stops that."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name port, topics, secrets and a first misbehaviour."""
        parser.add_argument("--port", type=int, default=8093)
        parser.add_argument(
            "--fail-first", type=int, default=0, help="answer 503 to the first N calls"
        )
        parser.add_argument("--topic", action="append", help="a topic that exists (default: any)")
        parser.add_argument(
            "--secret", action="append", default=[], help="refuse what this did not sign"
        )
        parser.add_argument("--misbehave", choices=KINDS, help="do this wrong")
        parser.add_argument("--times", type=int, default=FOR_EVER, help="for so many calls")
        parser.add_argument("--status", type=int, default=503)
        parser.add_argument("--seconds", type=float, default=1.0, help="how slowly")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until Ctrl-C."""
        server = Server(options["port"], _arrivals(options))
        self.stdout.write(json.dumps({"listening": server.url}))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("stopped")
        finally:
            server.hang_up()
            server.server_close()


def _arrivals(options: dict[str, Any]) -> PrintedArrivals:
    arrivals = PrintedArrivals(
        fail_first=options["fail_first"],
        topics=set(options["topic"]) if options["topic"] else None,
        secrets=tuple(options["secret"]),
    )
    if options["misbehave"]:
        names = ("times", "status", "seconds")
        arrivals.misbehave(Trouble(options["misbehave"], **{name: options[name] for name in names}))
    return arrivals
