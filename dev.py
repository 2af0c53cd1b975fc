#!/usr/bin/env python3
"""Make the environment and run psew or its checks; needs nothing but Python 3.11 or newer.

python3 dev.py run [ARGS]    start psew on http://127.0.0.1:8000 (--lite: on SQLite)
python3 dev.py manage VERB   run a management command on the site that runs
python3 dev.py test [ARGS]   run the tests (ARGS go to pytest)
python3 dev.py env           only make the environment
python3 dev.py lint          run every static check
python3 dev.py screenshots   make the pictures of the documentation anew
python3 dev.py lock          write both lock files from pyproject.toml
"""

# So that an older Python gets as far as reading the sentence about its version.
from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = Path(os.environ.get("PSEW_VENV") or HERE / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "psew-locks.json"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
PACKAGES = ("venv", "ensurepip")
NO_VENV = """psew: this Python cannot make environments. Install what is missing and try again:
  Debian, Ubuntu: sudo apt install python3-venv     (or any system: uv or virtualenv)"""
# Enough for `check --deploy` to judge a real site's settings; nothing is connected.
PRODUCTION = {
    "PSEW_MODE": "production",
    "PSEW_SECRET_KEY": "only-for-the-check-" + hashlib.sha256(b"psew").hexdigest(),
    "DATABASE_URL": "postgres://psew@127.0.0.1/psew",
}


def main(arguments: list[str]) -> int:
    """Run one verb; the exit status is the command's."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"psew needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    if not arguments or arguments[0] not in VERBS:
        sys.exit(__doc__)
    os.chdir(HERE)
    try:
        return VERBS[arguments[0]](arguments[1:])
    except subprocess.CalledProcessError as error:
        print(f"psew: `{error.cmd[0]}` failed with status {error.returncode}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(rest: list[str]) -> int:
    """Start everything; Ctrl-C stops it."""
    make_ready("run")
    os.environ.setdefault("PSEW_MODE", "demo")
    os.execv(PYTHON, [str(PYTHON), "manage.py", "up", *rest])  # noqa: S606


def manage(rest: list[str]) -> int:
    """Run a management command on the site that `run` has started."""
    make_ready("run")
    running = Path(os.environ.get("PSEW_DATA_DIR", HERE / "var")) / "running.json"
    try:
        site = json.loads(running.read_text())
    except OSError:
        sys.exit("psew: nothing runs on this data folder. Start it first: make run")
    return call([str(PYTHON), "manage.py", *rest], {**os.environ, **site})


def test(rest: list[str]) -> int:
    """Run pytest on servers of its own."""
    make_ready("dev")
    return with_servers([str(PYTHON), "-m", "pytest", *rest])


def env(_rest: list[str]) -> int:
    """Make the environment with everything in it."""
    make_ready("dev")
    return 0


def lint(_rest: list[str]) -> int:
    """Run every static check, all of them even when one fails."""
    make_ready("dev")
    checking = {**os.environ, "PSEW_MODE": "test"}
    manage, tools = [str(PYTHON), "manage.py"], VENV / "bin"
    failed = [
        " ".join(command[:2])
        for command, environment in (
            ([f"{tools}/ruff", "check", "."], checking),
            ([f"{tools}/ruff", "format", "--check", "."], checking),
            ([f"{tools}/lint-imports", "--no-logo"], checking),
            ([f"{tools}/mypy", "."], checking),
            ([f"{tools}/djlint", "templates", "--lint", "--quiet"], checking),
            ([*manage, "makemigrations", "--check", "--dry-run"], checking),
            ([*manage, "check", "--deploy", "--fail-level", "WARNING"], {**checking, **PRODUCTION}),
        )
        if call(command, environment)
    ]
    print("psew: lint failed: " + ", ".join(failed) if failed else "psew: lint is clean")
    return bool(failed)


def screenshots(rest: list[str]) -> int:
    """Take the documentation's pictures of a demo made for it."""
    make_ready("dev")
    return call([str(PYTHON), "-m", "docs.screenshots", *rest])


def lock(rest: list[str]) -> int:
    """Write the lock files; they name hashes and no addresses."""
    common = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version=3.11"]
    # pip finds a newer version of "name[extra]" than of the pinned "name" unless both are named.
    common += ["--no-strip-extras", "--generate-hashes", "--no-emit-index-url"]
    common += ["--no-header", "--quiet"]
    common += ["--extra=embedded", "--extra=kafka", *rest]
    dev = [*common, "--group=dev", f"--constraint={LOCKS['run']}"]
    return call([*common, "-o", LOCKS["run"]]) or call([*dev, "-o", LOCKS["dev"]])


def make_ready(kind: str) -> None:
    """Make the environment if it is missing or broken; install the locked set if it changed."""
    if not works():
        print(f"psew: making {VENV.name} …", flush=True)
        make_venv()
    known = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if known.get(kind) == digest(kind):
        return
    print(f"psew: installing {LOCKS[kind]} …", flush=True)
    STAMP.unlink(missing_ok=True)
    install(LOCKS[kind])
    # The development set holds the other one, at the same versions.
    kinds = LOCKS if kind == "dev" else ("run",)
    STAMP.write_text(json.dumps({each: digest(each) for each in kinds}))


def digest(kind: str) -> str:
    """Return what identifies a locked set."""
    return hashlib.sha256((HERE / LOCKS[kind]).read_bytes()).hexdigest()


def works() -> bool:
    """Tell whether the environment's Python runs; a system upgrade may have taken it away."""
    ask = "import sys; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ask], check=False).returncode == 0


def uv() -> str | None:
    """Return uv's path if there is one that runs (a version manager's stand-in may not)."""
    found = shutil.which("uv")
    runs = found and subprocess.run([found, "--version"], capture_output=True, check=False)
    return found if runs and runs.returncode == 0 else None


def make_venv() -> None:
    """Make the environment with uv, the standard library or virtualenv, whichever is there."""
    if found := uv():
        command = [found, "venv", "--quiet", "--clear", "--python", sys.executable]
    elif all(importlib.util.find_spec(name) for name in PACKAGES):
        command = [sys.executable, "-m", "venv", "--clear"]
    elif found := shutil.which("virtualenv"):
        command = [found, "--quiet", "--clear", "--python", sys.executable]
    else:
        sys.exit(NO_VENV)
    subprocess.run([*command, str(VENV)], check=True)


def install(lock_file: str) -> None:
    """Install a lock file with its hashes checked."""
    if found := uv():
        command = [
            found,
            "pip",
            "install",
            "--quiet",
            "--compile-bytecode",
            "--python",
            str(PYTHON),
        ]
    else:
        # An environment that uv once made has no pip yet.
        if subprocess.run([PYTHON, "-m", "pip", "-V"], capture_output=True, check=False).returncode:
            subprocess.run([PYTHON, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "-r", lock_file], check=True)


def with_servers(command: list[str]) -> int:
    """Become a command that has a database and a broker of its own."""
    os.environ.setdefault("PSEW_MODE", "test")
    folder = Path(os.environ.get("PSEW_DATA_DIR") or HERE / "var") / "test"
    starter = [str(PYTHON), "-m", "core.embedded.run_with", str(folder), "--"]
    os.execv(PYTHON, [*starter, *command])  # noqa: S606


def call(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a command and return its exit status."""
    shown = " ".join([Path(command[0]).name, *command[1:4]])
    print(f"psew: {shown}", flush=True)
    return subprocess.run(command, env=environment, check=False).returncode


VERBS = {
    "run": run,
    "manage": manage,
    "test": test,
    "env": env,
    "lint": lint,
    "screenshots": screenshots,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
