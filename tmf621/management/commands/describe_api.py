"""Print or write the OpenAPI descriptions of the ticket API."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tmf621.description import describe
from tmf621.description.subjects import SUBJECTS


class Command(BaseCommand):
    help = "Print a face's OpenAPI description, or write all of them into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("face", nargs="?", choices=list(SUBJECTS), default="v4")
        parser.add_argument("--base-url", default=settings.PUBLIC_URL, help="The site's address.")
        parser.add_argument("--into", type=Path, help="Write FACE.json for every face here.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["into"] is None:
            self.stdout.write(as_text(options["face"], options["base_url"]))
            return
        for face in SUBJECTS:
            path = options["into"] / f"{face}.json"
            path.write_text(as_text(face, options["base_url"]) + "\n", encoding="utf-8")
            self.stdout.write(f"Wrote {path}.")


def as_text(face: str, base_url: str) -> str:
    """Return a face's description as readable JSON."""
    return json.dumps(describe(face, base_url), indent=1, ensure_ascii=False)
