"""Print or write the AsyncAPI description of outbound events."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from notifications.description import describe_events


class Command(BaseCommand):
    help = "Print the AsyncAPI description of outbound events, or write it into a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.PUBLIC_URL, help="The site's address.")
        parser.add_argument("--into", type=Path, help="Write it into this file.")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(describe_events(options["base_url"]), indent=1, ensure_ascii=False)
        if options["into"] is None:
            self.stdout.write(text)
            return
        options["into"].write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote {options['into']}.")
