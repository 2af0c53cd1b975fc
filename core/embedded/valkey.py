"""Drive a Valkey of our own as Celery's broker: loopback only, password needed.

It keeps nothing on disk: the broker carries hints, the database holds the work.
"""

import socket
import time
from pathlib import Path

from core.embedded.binaries import Unavailable, find_valkey
from core.embedded.keys import private_folder, read_or_make_key, write_private
from core.embedded.ports import LOOPBACK, free_port
from core.embedded.postgres import Server
from core.embedded.programs import Program

START_SECONDS = 20
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
daemonize no
"""


def start_valkey(*, folder: Path) -> Server:
    """Start the broker on a free port; returns when it answers. Raises Unavailable."""
    private_folder(folder)
    binary = find_valkey()
    password = read_or_make_key(folder / "password")
    port = free_port()
    # A file, because a password in the command line could be read by every account.
    settings = folder / "valkey.conf"
    write_private(
        settings,
        CONFIGURATION.format(host=LOOPBACK, port=port, password=password, folder=folder),
    )
    program = Program(name="broker", command=[str(binary), str(settings)], log=folder / "log")
    program.start()
    try:
        _wait_until_ready(program, port, password)
    except BaseException:
        program.stop()
        raise
    return Server(
        program, f"redis://:{password}@{LOOPBACK}:{port}/0", f"Valkey on {LOOPBACK}:{port}"
    )


def _wait_until_ready(program: Program, port: int, password: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port, password):
        if not program.alive:
            raise Unavailable(f"Valkey ended at once: {'; '.join(program.tail()[-2:])}")
        if time.monotonic() > deadline:
            raise Unavailable("Valkey does not answer")
        time.sleep(0.02)


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as reply:
                return [reply.readline().strip(), reply.readline().strip()] == [b"+OK", b"+PONG"]
    except OSError:
        return False
