"""Start, watch and stop server processes that belong to one data folder."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Unavailable(RuntimeError):
    """A server cannot be run on this machine; the caller falls back and says so."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def private_folder(path: Path) -> Path:
    """Make a folder only its owner may look into."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def kept_secret(path: Path) -> str:
    """Return the secret in this file, made at first use and readable by its owner alone."""
    if not path.exists():
        private_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def die_with_parent() -> None:
    """Make a child end when its supervisor is killed (Linux only; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for a server to answer; `Unavailable` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise Unavailable(f"{what} did not answer within {seconds:.0f} seconds.")
        time.sleep(0.05)


def stop(process: "subprocess.Popen[bytes]", *, how: int = signal.SIGTERM) -> None:
    """Ask a process of ours to end, and end it when it does not."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_leftover(pid: int, *, marker: str, how: int) -> None:
    """End a server that an earlier, killed supervisor left behind, if it really is ours."""
    if marker not in command_of(pid):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    deadline = time.monotonic() + 20
    while marker in command_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def command_of(pid: int) -> str:
    """Return a process's command line, "" where there is no such process."""
    shown = subprocess.run(  # noqa: S603
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout
