"""Start psew's processes, prefix their output, and stop them all together."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from core.embedded.postgres import Postgres
from core.embedded.process import (
    Unavailable,
    die_with_parent,
    kept_secret,
    private_folder,
    stop,
)
from core.embedded.valkey import Valkey

MANAGE = [sys.executable, "manage.py"]
HOST = "127.0.0.1"


class CannotStart(RuntimeError):
    """psew cannot be started; the sentence says why and what to do."""


@dataclass
class Child:
    """One running process with its last lines."""

    name: str
    process: "subprocess.Popen[bytes]"
    tail: "deque[str]" = field(default_factory=lambda: deque(maxlen=15))


@dataclass
class Supervisor:
    """Everything `manage.py up` starts, in order, and stops, in reverse."""

    root: Path
    data: Path
    port: int
    lite: bool = False
    children: list[Child] = field(default_factory=list)
    servers: list[Postgres | Valkey] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: IO[str] | None = None

    def run(self) -> int:
        """Start, wait until something ends or somebody presses Ctrl-C, stop; the exit status."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopping.set())
        try:
            self._claim()
            self._environment()
            self._prepare()
            self._start_children()
            return self._watch()
        finally:
            self._stop()

    def _claim(self) -> None:
        private_folder(self.data)
        self.lock = (self.data / "up.lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(f"psew is running on {self.data} already.") from error
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise CannotStart(
                    f"Port {self.port} is taken. Choose another: PORT=8001 make run"
                ) from error

    def _environment(self) -> None:
        self.environment = {
            "PSEW_MODE": "demo",
            "PSEW_PUBLIC_URL": f"http://{HOST}:{self.port}",
            **os.environ,
            "PSEW_DATA_DIR": str(self.data),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment.setdefault("PSEW_SECRET_KEY", kept_secret(self.data / "secret-key"))
        if self.lite:
            self.environment.pop("DATABASE_URL", None)
            self.environment.pop("REDIS_URL", None)
            return
        self._serve("DATABASE_URL", Postgres(self.data / "postgres"))
        if not self.lite:
            self._serve("REDIS_URL", Valkey(self.data / "valkey"))

    def _serve(self, name: str, server: Postgres | Valkey) -> None:
        if self.environment.get(name):
            return
        try:
            self.environment[name] = server.start().url
            self.servers.append(server)
        except Unavailable as reason:
            if isinstance(server, Postgres):
                say(f"{reason} Falling back to --lite: SQLite and one background process.")
                self.lite = True

    def _prepare(self) -> None:
        for verb in (
            ["migrate", "--verbosity", "0"],
            ["load_base"],
            *([["load_demo", "--once"]] if self.environment["PSEW_MODE"] == "demo" else []),
            ["build_icons"],
            ["collectstatic", "--noinput", "--verbosity", "0"],
        ):
            if self.stopping.is_set():
                return
            done = subprocess.run(  # noqa: S603
                [*MANAGE, *verb], cwd=self.root, env=self.environment, check=False
            )
            if done.returncode:
                raise CannotStart(f"manage.py {verb[0]} failed, see above.")

    def _start_children(self) -> None:
        workers = ["--workers", "1" if self.lite else "2", "--threads", "4"]
        web = ["gunicorn", "psew.wsgi", "--bind", f"{HOST}:{self.port}", *workers]
        self._start("web", [sys.executable, "-m", *web, "--log-level", "warning"])
        if self.environment.get("REDIS_URL"):
            celery = ["celery", "-A", "psew", "worker", "--concurrency", "2", "-l", "warning"]
            celery += ["--without-gossip", "--without-mingle"]
            self._start("worker", [sys.executable, "-m", *celery])
        every = "1" if self.environment.get("REDIS_URL") else "0.2"
        self._start("beat", [*MANAGE, "beat", "--every", every])

    def _start(self, name: str, command: list[str]) -> None:
        if self.stopping.is_set():
            return
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )
        child = Child(name, process)
        self.children.append(child)
        threading.Thread(target=echo, args=(child,), daemon=True).start()

    def _watch(self) -> int:
        self._wait_for_web()
        while not self.stopping.wait(0.3):
            for child in self.children:
                if child.process.poll() is not None:
                    say(f"{child.name} ended with status {child.process.returncode}:")
                    print("\n".join(child.tail), flush=True)
                    return 1
        return 0

    def _wait_for_web(self) -> None:
        while not self.stopping.is_set() and all(c.process.poll() is None for c in self.children):
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=2):
                    self._welcome()
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)

    def _welcome(self) -> None:
        if self.environment["PSEW_MODE"] == "demo":
            subprocess.run(  # noqa: S603
                [*MANAGE, "welcome"], cwd=self.root, env=self.environment, check=False
            )
        else:
            say(f"psew answers at http://{HOST}:{self.port}/")

    def _stop(self) -> None:
        if self.children:
            say("stopping …")
        for child in reversed(self.children):
            stop(child.process)
        for server in reversed(self.servers):
            server.stop()
        if self.lock is not None:
            self.lock.close()


def echo(child: Child) -> None:
    """Print a child's lines behind its name."""
    assert child.process.stdout is not None
    for raw in child.process.stdout:
        line = raw.decode(errors="replace").rstrip()
        child.tail.append(line)
        print(f"{child.name:>6} | {line}", flush=True)


def say(text: str) -> None:
    """Print a line of our own."""
    print(f"  psew | {text}", flush=True)
