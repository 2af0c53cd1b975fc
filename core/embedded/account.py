"""Choose the account a server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.embedded.binaries import Unavailable

# To the server it looks like an ordinary account, to the files it stays root: no chmod, no useradd.
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True, slots=True)
class RunAs:
    """How to start a program as an ordinary account: words in front, or a user."""

    prefix: tuple[str, ...] = ()
    user: str | None = None


def ordinary_account(*, folder: Path, binary: Path) -> RunAs:
    """Return how to run the binary on the folder; as root the folder may change its owner.

    Raises Unavailable when root has no ordinary account that may reach both.
    """
    if os.geteuid() != 0:
        return RunAs()
    if shutil.which("unshare") and _works([*UNSHARE, "true"]):
        return RunAs(prefix=UNSHARE)
    # Others may pass through the data folder to reach their own, but not look into it.
    folder.parent.chmod(0o711)
    for user in ("postgres", "nobody"):
        if _reaches(user, folder=folder.parent, binary=binary):
            _give_to(user, folder)
            return RunAs(user=user)
    raise Unavailable("PostgreSQL does not run as root; start psew as an ordinary user")


def _works(command: list[str], user: str | None = None) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False, user=user)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _reaches(user: str, *, folder: Path, binary: Path) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return all(_works(["test", "-x", str(path)], user=user) for path in (folder, binary))


def _give_to(user: str, folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user=user)
