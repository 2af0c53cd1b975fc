#!/usr/bin/env python3
"""Make the environment and run psew or its checks; needs nothing but Python 3.11 or newer.

    python3 dev.py run           start psew on http://127.0.0.1:8000
    python3 dev.py test [ARGS]   run the tests (ARGS go to pytest)
    python3 dev.py lint          run every static check
    python3 dev.py screenshots   make the pictures of the documentation anew
    python3 dev.py lock          write both lock files from pyproject.toml
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}


def main(arguments: list[str]) -> int:
    """Run one verb; the exit status is the command's."""
    if sys.version_info < (3, 11):
        sys.exit(f"psew needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    verbs = {"run": run, "test": test, "lint": lint, "screenshots": screenshots, "lock": lock}
    if not arguments or arguments[0] not in verbs:
        sys.exit(__doc__)
    os.chdir(HERE)
    return verbs[arguments[0]](arguments[1:])


def run(rest: list[str]) -> int:
    """Start everything; Ctrl-C stops it."""
    prepare("run")
    os.environ.setdefault("PSEW_MODE", "demo")
    os.execv(PYTHON, [str(PYTHON), "manage.py", "up", *rest])  # noqa: S606


def test(rest: list[str]) -> int:
    """Run pytest, on embedded servers where the environment names none."""
    prepare("dev")
    whole = [] if rest else ["--cov", "--cov-report=term:skip-covered"]
    return with_servers([str(PYTHON), "-m", "pytest", *whole, *rest])


def lint(rest: list[str]) -> int:
    """Run every static check; stop at the first that fails."""
    prepare("dev")
    tools = PYTHON.parent
    for command in (
        [tools / "ruff", "check", "."],
        [tools / "ruff", "format", "--check", "."],
        [tools / "lint-imports"],
        [tools / "mypy", "."],
        [tools / "djlint", "templates", "--check", "--lint", "--quiet"],
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    ):
        status = call([str(word) for word in command], env=testing_environment())
        if status:
            return status
    return call([str(PYTHON), "manage.py", "check", "--deploy"], env=production_environment())


def screenshots(rest: list[str]) -> int:
    """Take the documentation's pictures of a running demo."""
    prepare("dev")
    return call([str(PYTHON), "-m", "docs.screenshots", *rest], env=testing_environment())


def lock(rest: list[str]) -> int:
    """Write the lock files; they name hashes and no addresses."""
    common = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version=3.11"]
    common += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
    common += ["--extra=embedded"]
    dev = [*common, "--group=dev", "--constraint=requirements.lock"]
    return call([*common, "-o", LOCKS["run"]]) or call([*dev, "-o", LOCKS["dev"]])


def prepare(kind: str) -> None:
    """Make the environment, and install the locked set when it changed."""
    wanted = digest(kind)
    stamp = VENV / f"psew-{kind}.stamp"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        make_venv()
    print(f"psew: installing {LOCKS[kind]} …", flush=True)
    install(LOCKS[kind])
    stamp.write_text(wanted)
    if kind == "dev":
        # The development set holds the other, at the same versions.
        (VENV / "psew-run.stamp").write_text(digest("run"))


def digest(kind: str) -> str:
    """Return what identifies a locked set."""
    return hashlib.sha256((HERE / LOCKS[kind]).read_bytes()).hexdigest()


def make_venv() -> None:
    """Make .venv with uv where it is there, else with the standard library."""
    print("psew: making .venv …", flush=True)
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, VENV], check=True)
        return
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("psew: this Python cannot make environments. On Debian and Ubuntu: apt install "
                 "python3-venv")


def install(lock_file: str) -> None:
    """Install a lock file with its hashes checked."""
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "-r", lock_file], check=True)


def with_servers(command: list[str]) -> int:
    """Run a command with a database and a broker of its own."""
    folder = Path(os.environ.get("PSEW_DATA_DIR", HERE / "var")) / "test"
    starter = [str(PYTHON), "-m", "core.embedded.run_with", str(folder), "--"]
    return call([*starter, *command], env=testing_environment())


def testing_environment() -> dict[str, str]:
    """Return the environment of tests and checks."""
    return {**os.environ, "PSEW_MODE": "test"}


def production_environment() -> dict[str, str]:
    """Return an environment in which `check --deploy` judges a real site's settings."""
    return {
        **os.environ,
        "PSEW_MODE": "production",
        "PSEW_SECRET_KEY": "not-a-secret-only-for-the-check-" + "x9" * 20,
        "DATABASE_URL": "postgres://psew@127.0.0.1/psew",
    }


def call(command: list[str], env: dict[str, str] | None = None) -> int:
    """Run a command and return its exit status; Ctrl-C belongs to the command."""
    print("psew:", " ".join(command[:6]), flush=True)
    try:
        return subprocess.run(command, env=env, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
