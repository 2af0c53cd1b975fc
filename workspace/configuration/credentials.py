"""The demo's passwords and tokens, in a file only its owner reads."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from core.embedded.keys import write_private


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords by sign-in name and tokens by API client."""

    users: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def credentials_path() -> Path:
    """Return where the credentials are kept."""
    return Path(settings.DATA_DIR) / "demo-credentials.json"


def write_credentials(credentials: Credentials) -> Path:
    """Write the file anew with mode 0600; it is never readable by others, not even for a moment."""
    path = credentials_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps(asdict(credentials), indent=2))
    return path


def read_credentials() -> Credentials | None:
    """Return what the file holds, or None where there is none."""
    path = credentials_path()
    if not path.exists():
        return None
    return Credentials(**json.loads(path.read_text(encoding="utf-8")))


def remove_credentials() -> bool:
    """Remove the file; tell whether there was one."""
    path = credentials_path()
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
