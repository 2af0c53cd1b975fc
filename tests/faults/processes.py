"""Real processes of a site on the test's database, and ways to end them badly."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from core.embedded.programs import Program

# How long anything may take; it is only ever waited out by a failing test.
BOUND = 40.0
PYTHON = sys.executable
BEAT = [PYTHON, "manage.py", "beat", "--every", "0.1"]
WORKER = [PYTHON, "-m", "celery", "-A", "psew", "--quiet", "worker", "--concurrency", "1"]
WORKER += ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
# One process without children: killed, nobody takes its place.
LONE_WORKER = [*WORKER, "--pool", "solo"]
Ready = Callable[[], object]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process of the site: in test mode, without a broker."""
    return {**os.environ, "PSEW_MODE": "test", "REDIS_URL": "", "PYTHONUNBUFFERED": "1", **more}


def until(ready: Ready, what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + BOUND
    while not ready():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.03)


@dataclass
class Processes:
    """The processes of one test; all of them are dead when it ends."""

    folder: Path
    running: list[Program] = field(default_factory=list)

    @property
    def mark(self) -> Path:
        """Where a process that kills itself leaves word."""
        return self.folder / "killed-at"

    def start(self, name: str, command: list[str], **more: str) -> Program:
        """Start a process on the test's database."""
        told = environment(DATABASE_URL=_address_of_test_database(), **more)
        log = self.folder / f"{name}-{len(self.running)}.log"
        program = Program(name, command, told, Path(settings.BASE_DIR), log)
        program.start()
        self.running.append(program)
        return program

    def start_to_die(self, name: str, command: list[str], point: str, **more: str) -> Program:
        """Start a process that kills itself when it comes to the point."""
        self.mark.unlink(missing_ok=True)
        armed = {"PSEW_CRASH_AT": point, "PSEW_CRASH_MARK": str(self.mark)}
        return self.start(name, command, **armed, **more)

    def dies_at(self, point: str, *, command: list[str] = BEAT) -> None:
        """Run a process until it killed itself at the point, which proves that it came there."""
        program = self.start_to_die("dying", command, point)
        until(lambda: not program.alive, f"the end of {command} at {point}: {program.tail()}")
        assert program.status == -9, program.tail()
        assert self.mark.read_text() == point

    def stop(self) -> None:
        """End everything at once."""
        for program in reversed(self.running):
            kill(program)
        self.running.clear()


def kill(program: Program) -> None:
    """End a process and everything it started as a power cut would: kill -9."""
    if program.process is not None:
        with suppress(ProcessLookupError):
            os.killpg(program.process.pid, 9)
        program.process.wait()


def _address_of_test_database() -> str:
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{address}/{connection.settings_dict['NAME']}"
