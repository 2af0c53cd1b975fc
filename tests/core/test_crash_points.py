"""Crash points kill where a test asks for it, and nowhere else."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from dev import PRODUCTION
from tests.faults.processes import environment

POINT = re.compile(r"crash_point\(f?\"([^\"]+)\"\)")
SOURCES = ("core", "incidents", "escalation", "cases", "notifications")
ACT = "import core.crash_points as c; c.crash_point('here'); print('alive')"


def act(mark: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    started = {"DJANGO_SETTINGS_MODULE": "psew.settings", "PSEW_CRASH_MARK": str(mark)}
    return subprocess.run(
        [sys.executable, "-c", ACT],
        env=environment(**started, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_named_place_kills_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    first = act(mark, PSEW_CRASH_AT="here")
    assert (first.returncode, first.stdout) == (-signal.SIGKILL, "")
    assert mark.read_text() == "here"
    assert act(mark, PSEW_CRASH_AT="here").stdout == "alive\n"


def test_another_place_is_passed(tmp_path: Path) -> None:
    assert act(tmp_path / "mark", PSEW_CRASH_AT="elsewhere").stdout == "alive\n"


@pytest.mark.parametrize("site", [PRODUCTION, {"PSEW_MODE": "demo"}], ids=lambda s: s["PSEW_MODE"])
def test_a_real_site_cannot_be_killed(tmp_path: Path, site: dict[str, str]) -> None:
    mark = tmp_path / "mark"
    assert act(mark, PSEW_CRASH_AT="here", **site).stdout == "alive\n"
    assert not mark.exists()


def test_every_point_in_the_code_is_died_at() -> None:
    root = Path(settings.BASE_DIR)
    sources = [path for app in SOURCES for path in (root / app).rglob("*.py")]
    named = {name for path in sources for name in POINT.findall(path.read_text())}
    tests = "".join(path.read_text() for path in (root / "tests/faults").glob("test_*.py"))
    assert len(named) > 10
    assert {name for name in named if f'"{name.split("{")[0]}' not in tests} == set()
