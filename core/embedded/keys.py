"""Keep random secrets in files that only their owner can read."""

import os
import secrets
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Return the folder, made if it is missing and closed to everybody else."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def read_or_make_key(path: Path) -> str:
    """Return the secret in this file; a missing or empty file gets a new random one."""
    if path.is_file() and (known := path.read_text().strip()):
        return known
    fresh = secrets.token_urlsafe(48)
    write_private(path, fresh + "\n")
    return fresh


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600; readers see the old or the new text, never half of it."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
