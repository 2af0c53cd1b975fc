"""The published JSON Schemas of TMF621, as the application carries them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def published_schema(release: str) -> dict[str, Any]:
    """Return the schema derived from a release (`v4.0.0` or `v5.0.1`); do not change it."""
    path = FOLDER / f"TMF621-TroubleTicket-{release}.derived.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
