"""The embedded servers: own folder, own port, a password, and no fear of SIGKILL."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from core.embedded.binaries import Unavailable, find_postgres
from core.embedded.postgres import Server, start_postgres
from core.embedded.valkey import start_valkey


@contextmanager
def database(folder: Path) -> Iterator[Server]:
    server = start_postgres(folder=folder, throwaway=True)
    try:
        yield server
    finally:
        server.program.stop()


def say_sql(server: Server, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def kill(server: Server) -> None:
    """End the server the hard way, all of its processes at once or only the first."""
    process = server.program.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_postgres_keeps_its_data_over_a_sigkill(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with database(folder) as first:
        say_sql(first, "CREATE TABLE note (text text)")
        say_sql(first, "INSERT INTO note VALUES ('kept')")
        say_sql(first, "CHECKPOINT")
        kill(first)
        assert (folder / "data" / "postmaster.pid").exists()
        with database(folder) as second:
            assert say_sql(second, "SELECT text FROM note") == [("kept",)]
            assert second.url != first.url


def test_a_stranger_with_the_old_process_number_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with database(folder):
        pass
    # Our own number: alive, but no PostgreSQL; the server itself would refuse to start.
    (folder / "data" / "postmaster.pid").write_text(f"{os.getppid()}\n{folder / 'data'}\n")
    with database(folder) as server:
        assert say_sql(server, "SELECT 1") == [(1,)]


def test_a_server_that_outlived_its_supervisor_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with database(folder) as orphan, database(folder) as server:
        assert say_sql(server, "SELECT 1") == [(1,)]
        assert orphan.program.status is not None


def test_half_a_cluster_does_not_count(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    (folder / "data.new" / "base").mkdir(parents=True)
    with database(folder) as server:
        assert say_sql(server, "SELECT 1") == [(1,)]


def test_postgres_wants_the_password_and_shows_it_to_its_owner_alone(tmp_path: Path) -> None:
    with database(tmp_path / "postgres") as server:
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(server.url.replace("psew:", "psew:not-"))
        folder, password = tmp_path / "postgres", tmp_path / "postgres" / "password"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(password.stat().st_mode) == 0o600


def test_postgres_compares_text_beyond_ascii(tmp_path: Path) -> None:
    with database(tmp_path / "postgres") as server:
        assert say_sql(server, "SELECT upper('äé')") == [("ÄÉ",)]


def test_data_of_a_version_that_is_not_there_is_not_touched() -> None:
    with pytest.raises(Unavailable, match="made by PostgreSQL 9"):
        find_postgres(wanted=9)


def test_valkey_wants_the_password_and_starts_again_after_a_sigkill(tmp_path: Path) -> None:
    first = start_valkey(folder=tmp_path / "valkey")
    kill(first)
    second = start_valkey(folder=tmp_path / "valkey")
    try:
        address = second.url.rpartition("@")[2].partition("/")[0]
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"PING\r\n")
            assert connection.recv(100).startswith(b"-NOAUTH")
    finally:
        second.program.stop()
