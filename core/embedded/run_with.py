"""Run a command with embedded servers: `python -m core.embedded.run_with FOLDER -- COMMAND`."""

import os
import subprocess
import sys
from pathlib import Path

from core.embedded.postgres import Postgres
from core.embedded.process import Unavailable
from core.embedded.valkey import Valkey


def main() -> int:
    """Start what the environment does not name, run the command, stop all; its exit status."""
    folder, command = Path(sys.argv[1]), sys.argv[3:]
    environment, servers = dict(os.environ), []
    try:
        for name, server in (
            ("DATABASE_URL", Postgres(folder / "postgres", fast=True)),
            ("REDIS_URL", Valkey(folder / "valkey")),
        ):
            if not environment.get(name):
                servers.append(server)
                environment[name] = server.start().url
    except Unavailable as reason:
        print(f"psew: {reason} Running on SQLite without a broker.", file=sys.stderr)
    try:
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 130
    finally:
        for server in reversed(servers):
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
