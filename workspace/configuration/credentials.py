"""The demo's passwords and tokens, in a file only its owner reads."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings


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
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(credentials), file, indent=2)
    draft.replace(path)
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
