"""One child process: started on a leash, heard line by line, stopped with patience."""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
TAIL_LINES = 20
NAME_WIDTH = 6


def say(name: str, line: str) -> None:
    """Print one line of the log under the name of who says it."""
    # Whoever reads us may have gone (`make run | head`); the children must not notice.
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{name:<{NAME_WIDTH}} | {line}\n" if name else f"{line}\n")
        sys.stdout.flush()


@dataclass(slots=True)
class Program:
    """A command that runs beside us; in a log file or, without one, in our own output."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] | None = None
    folder: Path | None = None
    log: Path | None = None
    # The command writes to our own terminal, unprefixed and unheard.
    own_terminal: bool = False
    # Words before the command (`unshare …`), or another user to run it as.
    prefix: Sequence[str] = ()
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    process: "subprocess.Popen[str] | None" = field(default=None, init=False)
    _heard: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES), init=False)
    _listener: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the command in a session of its own, so that Ctrl-C reaches only us."""
        if self.own_terminal:
            self.process = self._spawn(None)
            return
        if self.log:
            with self.log.open("w") as output:
                self.process = self._spawn(output.fileno())
            return
        self.process = self._spawn(subprocess.PIPE)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def status(self) -> int | None:
        """The exit status, or None while the command runs."""
        return self.process.poll() if self.process else None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self) -> int:
        """Wait for the end of the command and of its output; return the exit status."""
        if not self.process:
            raise RuntimeError(f"{self.name} was not started.")
        status = self.process.wait()
        if self._listener:
            self._listener.join(timeout=2)
        return status

    def ask_to_stop(self) -> None:
        """Send the polite signal; returns at once."""
        if self.process and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Stop the command: politely first, then for certain, with everything it started."""
        if not self.process:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=self.patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.wait()

    def tail(self) -> list[str]:
        """Return the last lines the command said."""
        if self.log and self.log.exists():
            return self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return list(self._heard)

    def _spawn(self, output: int | None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*self.prefix, *self._leash(), *self.command],
            env=self.env,
            stdin=None if self.own_terminal else subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            cwd=self.folder,
            text=True,
            errors="replace",
            start_new_session=True,
            user=self.user,
        )

    def _leash(self) -> list[str]:
        # Another user may not be allowed to execute our own Python.
        if self.user:
            return []
        leash = [sys.executable, "-IS", str(LEASH)]
        return [*leash, str(int(self.stop_signal)), str(os.getpid())]

    def _listen(self) -> None:
        if not self.process or not self.process.stdout:
            return
        for line in self.process.stdout:
            if line.strip():
                self._heard.append(line.rstrip())
                say(self.name, line.rstrip())
