"""Background work beside a live server: a real worker and scheduler where there is a broker."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

GRACE_SECONDS = 20
COMMANDS = (
    ("-m", "celery", "-A", "psew", "--quiet", "worker", "--pool", "solo"),
    ("manage.py", "beat", "--every", "0.5"),
)


def has_broker() -> bool:
    """Tell whether worker processes can share the test's database and be woken."""
    return bool(settings.REDIS_URL) and connection.vendor == "postgresql"


@contextmanager
def worker_processes() -> Iterator[None]:
    """Run Celery and the scheduler on the test database; stop exactly these processes."""
    processes = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env={**os.environ, "PSEW_MODE": "test", "DATABASE_URL": address_of_test_database()},
            stdout=subprocess.DEVNULL,
        )
        for command in COMMANDS
    ]
    try:
        yield
        assert [each.poll() for each in processes] == [None, None], "a worker ended by itself"
    finally:
        for each in processes:
            stop(each)


def address_of_test_database() -> str:
    """Return the address the site was given, with the name of the test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process politely, then for good."""
    process.terminate()
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def background(in_process: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Yield what a journey calls where work falls due: nothing to do beside real workers.

    SQLite's in-memory database lives in this process and takes one writer, so the work is then
    done here, between two requests.
    """
    if has_broker():
        with worker_processes():
            yield lambda: None
    else:
        yield in_process
