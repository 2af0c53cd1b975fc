"""dev.py: the environment is made when it must be, and not again."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

DEV = Path(__file__).resolve().parents[2] / "dev.py"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return dev.py in an empty folder, noting what it would make and install."""
    spec = spec_from_file_location("dev_under_test", DEV)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text("django==1")
    (tmp_path / "requirements-dev.lock").write_text("django==1\npytest==1")
    (tmp_path / ".venv").mkdir()
    done: list[str] = []
    for name, value in {
        "HERE": tmp_path,
        "VENV": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "psew-locks.json",
        "works": lambda: "venv" in done,
        "make_venv": lambda: done.append("venv"),
        "install": done.append,
        "done": done,
    }.items():
        monkeypatch.setattr(module, name, value, raising=False)
    return module


def test_the_first_run_makes_the_environment_and_the_second_nothing(dev: ModuleType) -> None:
    dev.make_ready("run")
    assert dev.done == ["venv", "requirements.lock"]
    dev.make_ready("run")
    assert dev.done == ["venv", "requirements.lock"]


def test_a_changed_lock_is_installed_again(dev: ModuleType) -> None:
    dev.make_ready("run")
    (dev.HERE / "requirements.lock").write_text("django==2")
    dev.make_ready("run")
    assert dev.done == ["venv", "requirements.lock", "requirements.lock"]


def test_the_development_set_holds_what_a_run_needs(dev: ModuleType) -> None:
    dev.make_ready("dev")
    dev.make_ready("run")
    assert dev.done == ["venv", "requirements-dev.lock"]


def test_the_run_set_lacks_what_the_tests_need(dev: ModuleType) -> None:
    dev.make_ready("run")
    dev.make_ready("dev")
    assert dev.done == ["venv", "requirements.lock", "requirements-dev.lock"]


def test_an_interrupted_installation_is_repeated(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.make_ready("run")
    (dev.HERE / "requirements.lock").write_text("django==2")
    with monkeypatch.context() as patch:
        patch.setattr(dev, "install", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            dev.make_ready("run")
    (dev.HERE / "requirements.lock").write_text("django==1")
    dev.make_ready("run")
    assert dev.done[-1] == "requirements.lock"
    assert json.loads(dev.STAMP.read_text()) == {"run": dev.digest("run")}


def _interrupted(lock_file: str) -> None:
    raise KeyboardInterrupt
