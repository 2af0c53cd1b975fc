"""`manage.py up`: what it refuses, what it says, and that nothing stays behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.embedded.ports import free_port, is_free

ROOT = Path(__file__).resolve().parents[2]
# A site of stand-ins: a web server that is always well, and one process beside it.
SITE = """
import sys
from pathlib import Path
from core.embedded.supervisor import CannotStart, Supervisor
web = '''
from http.server import BaseHTTPRequestHandler, HTTPServer
class Well(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
HTTPServer(("127.0.0.1", {port}), Well).serve_forever()
'''
worker = {worker!r}
site = Supervisor(root=Path.cwd(), data=Path({data!r}), port={port}, lite=True, programs=dict(
    web=[sys.executable, "-c", web.format(port={port})], worker=[sys.executable, "-c", worker],
))
try:
    site.run()
except CannotStart as reason:
    sys.exit(str(reason))
"""
PATIENT = "import os, time; print('number', os.getpid(), flush=True); time.sleep(60)"


@contextmanager
def site(data: Path, port: int, worker: str = PATIENT) -> "Iterator[subprocess.Popen[str]]":
    """Run the stand-in site; whatever a test left of it is stopped at the end."""
    script = SITE.replace("{port}", str(port))
    script = script.replace("{data!r}", repr(str(data))).replace("{worker!r}", repr(worker))
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def read_until(process: "subprocess.Popen[str]", word: str) -> str:
    """Read the log up to the first line that holds the word; return this line."""
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"The log ended without {word!r}.")


def has_ended(pid: int) -> bool:
    """Tell whether a process ends in reasonable time."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_quietly(tmp_path: Path, sign: signal.Signals) -> None:
    port = free_port()
    with site(tmp_path, port) as process:
        worker = int(read_until(process, "number").split()[-1])
        read_until(process, "ready at")
        process.send_signal(sign)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")
        assert has_ended(worker)
        assert is_free(port)


if sys.platform.startswith("linux"):  # Other systems have no such leash.

    def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
        with site(tmp_path, free_port()) as process:
            worker = int(read_until(process, "number").split()[-1])
            process.kill()
            assert has_ended(worker)


def test_the_end_of_one_ends_all_and_is_explained(tmp_path: Path) -> None:
    port = free_port()
    with site(tmp_path, port, "print('out of paper'); raise SystemExit(3)") as process:
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "worker ended with status 3" in errors
        assert "out of paper" in errors
        assert is_free(port)


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    port = free_port()
    with site(tmp_path, port) as first:
        read_until(first, "ready at")
        with site(tmp_path, free_port()) as second:
            _, errors = second.communicate(timeout=30)
            assert second.returncode == 1
            assert f"psew already runs on {tmp_path}" in errors
            assert f"process {first.pid}, http://127.0.0.1:{port}/" in errors


def test_up_refuses_a_taken_port_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "PSEW_MODE": "demo", "PSEW_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == f"psew: Port {port} is taken. Choose another: PORT=8001 make run\n"
    assert not (tmp_path / "postgres").exists()


def test_the_secrets_are_made_once_and_for_the_owner(tmp_path: Path) -> None:
    key = tmp_path / "secret-key"
    texts = set()
    for _ in range(2):
        with site(tmp_path, free_port()) as process:
            read_until(process, "ready at")
            texts.add(key.read_text())
    assert len(texts) == 1
    assert len(texts.pop()) > 50
    assert key.stat().st_mode & 0o777 == 0o600


def test_others_learn_how_to_reach_the_site_while_it_runs(tmp_path: Path) -> None:
    port = free_port()
    with site(tmp_path, port) as process:
        running = tmp_path / "running.json"
        deadline = time.monotonic() + 30
        while not running.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert json.loads(running.read_text())["PSEW_DATA_DIR"] == str(tmp_path)
        assert running.stat().st_mode & 0o077 == 0
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert not running.exists()
