"""Example bodies: what the description shows and the test console offers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KINDS = {
    "network-fault": "A network fault with everything psew understands",
    "customer-case": "A customer's complaint, which becomes a case",
    "minimal": "The least a ticket takes",
}


@cache
def sample_text(face: str, kind: str) -> str:
    """Return an example body as text; `kind` is one of `KINDS`, or `answer` for a whole ticket."""
    return (FOLDER / f"{face}-{kind}.json").read_text(encoding="utf-8")


def sample(face: str, kind: str) -> Any:
    """Return an example body as a value of its own."""
    return json.loads(sample_text(face, kind))
