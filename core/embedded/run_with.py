"""Run a command with throw-away servers: `python -m core.embedded.run_with FOLDER -- COMMAND`."""

import os
import shutil
import signal
import sys
from pathlib import Path

from core.embedded.binaries import Unavailable
from core.embedded.keys import private_folder
from core.embedded.postgres import start_postgres
from core.embedded.programs import Program
from core.embedded.supervisor import signals_as_interrupt
from core.embedded.valkey import start_valkey

INTERRUPTED = 130


def main() -> int:
    """Start what the environment does not name, run the command, stop all; its exit status."""
    base, command = Path(sys.argv[1]).resolve(), sys.argv[3:]
    sweep(base)
    # A folder per run: two test runs at once must not share a database.
    folder = private_folder(base / str(os.getpid()))
    servers: list[Program] = []
    with signals_as_interrupt():
        try:
            environment = serve(folder, servers)
            run = Program("", command, environment, stop_signal=signal.SIGINT, own_terminal=True)
            servers.append(run)
            run.start()
            return exit_status(run.wait())
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            for each in reversed(servers):
                each.stop()
            shutil.rmtree(folder, ignore_errors=True)


def serve(folder: Path, servers: list[Program]) -> dict[str, str]:
    """Start a database and a broker unless they are named; return the command's environment."""
    environment = {**os.environ, "PSEW_DATA_DIR": str(folder / "site")}
    try:
        if not environment.get("DATABASE_URL"):
            database = start_postgres(folder=folder / "postgres", throwaway=True)
            servers.append(database.program)
            environment["DATABASE_URL"] = database.url
        if not environment.get("REDIS_URL"):
            broker = start_valkey(folder=folder / "valkey")
            servers.append(broker.program)
            environment["REDIS_URL"] = broker.url
    except Unavailable as reason:
        missing = "a broker" if environment.get("DATABASE_URL") else "PostgreSQL, on SQLite"
        print(f"psew: {reason}; running without {missing}.", file=sys.stderr, flush=True)
    return environment


def sweep(base: Path) -> None:
    """Remove the folders of earlier runs that were killed."""
    for left in base.glob("[0-9]*"):
        try:
            os.kill(int(left.name), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:
            continue


def exit_status(status: int) -> int:
    """Return a process's end as a shell would: 128 + the signal that ended it."""
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
