"""Start psew's processes in order, show their output, and stop them all together."""

import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import IO

from core.embedded.binaries import Unavailable
from core.embedded.keys import private_folder, read_or_make_key, write_private
from core.embedded.ports import LOOPBACK, becomes_free, free_port
from core.embedded.postgres import Server, start_postgres
from core.embedded.programs import Program, say
from core.embedded.valkey import start_valkey
from core.embedded.welcome import welcome

PYTHON = sys.executable
WEB_SECONDS = 90
# How others reach the running site; only its owner may read it, and it goes with the processes.
RUNNING = "running.json"


class CannotStart(Exception):
    """psew cannot be started, or ended; the sentence says why and what to do."""


@dataclass
class Supervisor:
    """Everything `manage.py up` starts, in order, and stops, in reverse."""

    root: Path
    data: Path
    port: int
    lite: bool = False
    # Commands that can be told to be others, for tests.
    programs: dict[str, list[str]] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    servers: list[Program] = field(default_factory=list)
    children: list[Program] = field(default_factory=list)

    def run(self) -> None:
        """Start, then watch until Ctrl-C or SIGTERM, which end it quietly; stop everything.

        Raises CannotStart when something is in the way or a process ends by itself.
        """
        with signals_as_interrupt(), self._claimed_folder():
            try:
                self._start()
                self._watch()
            except KeyboardInterrupt:
                say("psew", "stopping …")
            finally:
                self._stop()

    def _start(self) -> None:
        if not becomes_free(self.port):
            raise CannotStart(f"Port {self.port} is taken. Choose another: PORT=8001 make run")
        self._make_environment()
        write_private(self.data / RUNNING, json.dumps(self._told()))
        if self.programs is None:
            self._finish(self._program("setup", [PYTHON, "manage.py", "prepare"]))
        for name, command in (self.programs or self._commands()).items():
            child = self._program(name, command)
            self.children.append(child)
            child.start()
        self._await_web()
        url = f"http://{LOOPBACK}:{self.port}"
        say("psew", f"ready at {url}/")
        if self.environment["PSEW_MODE"] == "demo":
            say("", welcome(url=url, data=self.data))

    def _told(self) -> dict[str, str]:
        """Return what another command needs to work on this very site (`dev.py manage`)."""
        ours = ("PSEW_MODE", "PSEW_PUBLIC_URL", "PSEW_SECRET_KEY", "PSEW_DATA_DIR")
        return {
            name: self.environment[name]
            for name in (*ours, "DATABASE_URL", "REDIS_URL")
            if name in self.environment
        }

    def _make_environment(self) -> None:
        self.environment = {
            "PSEW_MODE": "demo",
            "PSEW_PUBLIC_URL": f"http://{LOOPBACK}:{self.port}",
            "PSEW_SECRET_KEY": read_or_make_key(self.data / "secret-key"),
            "PSEW_LIVE_PORT": str(free_port()),
            **os.environ,
            "PSEW_DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        if not self.lite and not self.environment.get("DATABASE_URL"):
            self._serve_database()
        if self.lite:
            self.environment.pop("DATABASE_URL", None)
            self.environment.pop("REDIS_URL", None)
        elif not self.environment.get("REDIS_URL"):
            self._serve_broker()

    def _serve_database(self) -> None:
        folder = self.data / "postgres"
        kept = (folder / "data").exists()
        try:
            self._serve("DATABASE_URL", start_postgres(folder=folder))
        except Unavailable as reason:
            # An empty SQLite site in place of the kept data would look like a loss.
            if kept:
                raise CannotStart(f"PostgreSQL does not start: {reason}.") from reason
            say("psew", f"{reason}; going on in --lite: SQLite and one background process.")
            self.lite = True

    def _serve_broker(self) -> None:
        try:
            self._serve("REDIS_URL", start_valkey(folder=self.data / "valkey"))
        except Unavailable as reason:
            say("psew", f"{reason}; the scheduler does the background work by itself.")

    def _serve(self, variable: str, server: Server) -> None:
        self.servers.append(server.program)
        self.environment[variable] = server.url
        say(server.program.name, f"{server.label} is ready")

    def _commands(self) -> dict[str, list[str]]:
        """Return the processes of the site; SQLite takes one writer, hence one web process."""
        web = ["gunicorn", "psew.wsgi", "--config", "python:psew.gunicorn"]
        beat = [PYTHON, "manage.py", "beat"]
        commands = {"web": [PYTHON, "-m", *web, *(["--workers", "1"] if self.lite else [])]}
        commands["live"] = [PYTHON, "manage.py", "live"]
        if not self.environment.get("REDIS_URL"):
            return {**commands, "beat": [*beat, "--every", "0.2"]}
        worker = ["celery", "-A", "psew", "--quiet", "worker", "--concurrency", "2"]
        worker += ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
        quiet = "ignore:You're running the worker:UserWarning"
        return {**commands, "worker": [PYTHON, "-W", quiet, "-m", *worker], "beat": beat}

    def _program(self, name: str, command: list[str]) -> Program:
        return Program(name=name, command=command, env=self.environment, folder=self.root)

    def _finish(self, step: Program) -> None:
        """Run a command to its end; it stands among the children, so that Ctrl-C stops it too."""
        self.children.append(step)
        step.start()
        status = step.wait()
        self.children.remove(step)
        if status:
            raise CannotStart(f"`{' '.join(step.command[1:])}` failed; its lines are above.")

    def _await_web(self) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not answers(self.port):
            self._notice_ended()
            if time.monotonic() > deadline:
                raise CannotStart(f"The web server did not answer within {WEB_SECONDS} seconds.")
            time.sleep(0.1)

    def _watch(self) -> None:
        while True:
            self._notice_ended()
            time.sleep(0.2)

    def _notice_ended(self) -> None:
        for each in (*self.children, *self.servers):
            if not each.alive:
                status = each.wait()
                lines = "\n".join(f"    {line}" for line in each.tail())
                raise CannotStart(
                    f"{each.name} ended with status {status}, so psew stopped. Its last lines:\n"
                    + (lines or "    (it said nothing)")
                )

    def _stop(self) -> None:
        for group in (self.children, self.servers):
            for each in reversed(group):
                each.ask_to_stop()
                if group is self.servers:
                    each.stop()
            for each in reversed(group):
                each.stop()
        self.children.clear()
        self.servers.clear()
        (self.data / RUNNING).unlink(missing_ok=True)

    @contextmanager
    def _claimed_folder(self) -> Iterator[None]:
        """Hold the data folder for this supervisor alone; the lock dies with the process."""
        private_folder(self.data)
        with (self.data / "up.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CannotStart(_who_runs(lock, self.data)) from error
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, http://{LOOPBACK}:{self.port}/")
            lock.flush()
            yield


def _who_runs(lock: IO[str], data: Path) -> str:
    lock.seek(0)
    return f"psew already runs on {data} ({lock.read() or 'starting'})."


@contextmanager
def signals_as_interrupt() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP alike raise KeyboardInterrupt, once; more are ignored."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {name: signal.signal(name, interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def answers(port: int) -> bool:
    """Tell whether the web server on this port says that it is well."""
    connection = HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
