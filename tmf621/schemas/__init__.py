"""The published JSON Schemas of the ticket API's faces, as the application carries them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
FILES = {
    "v4": "TMF621-TroubleTicket-v4.0.0.derived.schema.json",
    "v5": "TMF621-TroubleTicket-v5.0.1.derived.schema.json",
    "servicenow": "servicenow.schema.json",
}


@cache
def published_schema(face: str) -> dict[str, Any]:
    """Return the schema a face answers by, with its parts under `$defs`; do not change it."""
    text = (FOLDER / FILES[face]).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
