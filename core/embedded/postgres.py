"""Drive a PostgreSQL of our own: loopback only, password needed, safe to kill at any moment."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import errors

from core.embedded.account import RunAs, ordinary_account
from core.embedded.binaries import Unavailable, answer, find_postgres
from core.embedded.keys import private_folder, read_or_make_key
from core.embedded.ports import LOOPBACK, free_port
from core.embedded.programs import Program

USER = DATABASE = "psew"
START_SECONDS = 90  # crash recovery of a well used site takes its time
# A test database is thrown away anyway; durability would only cost time.
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, its address and what to call it."""

    program: Program
    url: str
    label: str


def start_postgres(*, folder: Path, throwaway: bool = False) -> Server:
    """Start the cluster in this folder, made at first use, on a free port.

    Returns when it takes connections. Raises Unavailable when it cannot run here.
    """
    private_folder(folder)
    data = folder / "data"
    binaries, major = find_postgres(_made_by(data))
    password = read_or_make_key(folder / "password")
    account = ordinary_account(folder=folder, binary=binaries / "postgres")
    if not data.exists():
        _make_cluster(folder, binaries, major, account, ["--no-sync"] if throwaway else [])
    _settle_predecessor(data)
    port = free_port()
    program = _program(folder, binaries, port, account, THROWAWAY if throwaway else ())
    program.start()
    try:
        _wait_until_ready(program, port, password)
    except BaseException:
        program.stop()
        raise
    url = f"postgresql://{USER}:{password}@{LOOPBACK}:{port}/{DATABASE}"
    return Server(program, url, f"PostgreSQL {major} on {LOOPBACK}:{port}")


def _made_by(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text()) if version.is_file() else None


def _make_cluster(
    folder: Path, binaries: Path, major: int, account: RunAs, extra: list[str]
) -> None:
    """Make the cluster beside its place and move it there, so that half a cluster never counts."""
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    command = [
        *account.prefix,
        str(binaries / "initdb"),
        f"--pgdata={draft}",
        f"--username={USER}",
        f"--pwfile={folder / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *_locale(major),
        *extra,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, user=account.user)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"PostgreSQL's initdb failed: {said[-1] if said else done.returncode}")
    draft.rename(folder / "data")


def _locale(major: int) -> list[str]:
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform.startswith("linux") else "--locale=C"]


def _program(
    folder: Path, binaries: Path, port: int, account: RunAs, extra: tuple[str, ...]
) -> Program:
    settings = (f"listen_addresses={LOOPBACK}", f"port={port}", "unix_socket_directories=", *extra)
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    for setting in settings:
        command += ["-c", setting]
    return Program(
        name="db",
        command=command,
        log=folder / "log",
        prefix=account.prefix,
        user=account.user,
        # The fast shutdown; SIGTERM would wait for every client to leave.
        stop_signal=signal.SIGINT,
        patience=30,
    )


def _settle_predecessor(data: Path) -> None:
    """End a server that outlived its supervisor; drop the note of one whose number was reused."""
    note = data / "postmaster.pid"
    if not note.is_file():
        return
    pid = int((note.read_text().split() or ["0"])[0])
    if str(data) not in _command_of(pid):
        note.unlink(missing_ok=True)
        return
    for patience, sign in ((10.0, signal.SIGINT), (10.0, signal.SIGQUIT)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + patience
        while str(data) in _command_of(pid):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        else:
            return
    raise Unavailable(f"an older PostgreSQL (process {pid}) still uses {data}")


def _command_of(pid: int) -> str:
    if pid <= 0:
        return ""
    line = Path(f"/proc/{pid}/cmdline")
    with suppress(OSError):
        return line.read_text().replace("\0", " ")
    return "" if Path("/proc/self").exists() else answer("ps", "-o", "command=", "-p", str(pid))


def _wait_until_ready(program: Program, port: int, password: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return _make_database(port, password)
        except psycopg2.OperationalError as error:
            if not program.alive:
                said = "; ".join(program.tail()[-2:])
                raise Unavailable(f"PostgreSQL ended at once: {said}") from error
            if time.monotonic() > deadline:
                raise Unavailable(f"PostgreSQL takes no connections: {error}") from error
        time.sleep(0.05)


def _make_database(port: int, password: str) -> None:
    connection = psycopg2.connect(
        host=LOOPBACK, port=port, user=USER, password=password, dbname="postgres"
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor, suppress(errors.DuplicateDatabase):
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        connection.close()
