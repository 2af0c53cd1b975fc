"""docker-compose.yml, held against what the project really offers (there is no engine here)."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "live", "worker", "beat")


def test_it_describes_the_full_set() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_for_services_that_can_be_waited_for(name: str) -> None:
    for other, terms in SERVICES[name].get("depends_on", {}).items():
        if terms["condition"] == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"
        else:
            assert terms["condition"] == "service_healthy"
            assert SERVICES[other]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_commands_are_real(name: str) -> None:
    program, *words = SERVICES[name]["command"]
    if program == "python":
        assert words[0] == "manage.py"
        assert words[1] in get_commands()
    else:
        assert (ROOT / ".venv" / "bin" / program).exists() or shutil.which(program)
        assert any(word in words for word in ("psew", "psew.wsgi"))


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_in_production_mode_with_all_addresses(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert environment["PSEW_MODE"] == "production"
    assert environment["DATABASE_URL"].endswith("@postgres:5432/psew")
    assert environment["REDIS_URL"].endswith("@redis:6379/0")


def test_no_secret_has_a_value_or_a_default() -> None:
    secret = r"\$\{([A-Z_]*(?:KEY|PASSWORD))(.*?)\}"
    found = re.findall(secret, TEXT)
    assert {name for name, _ in found} == {
        "PSEW_SECRET_KEY",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
    }
    assert all(rest.startswith(":?") for _, rest in found)


def test_only_what_browsers_ask_is_published_and_only_on_loopback() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert list(published) == ["web", "live"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_named_volumes_are_declared() -> None:
    used = {v.split(":")[0] for each in SERVICES.values() for v in each.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_settings_read_every_variable_we_set() -> None:
    readers = (ROOT / "psew" / "settings.py").read_text() + (ROOT / "psew/gunicorn.py").read_text()
    assert all(f'"{name}"' in readers for name in SERVICES["web"]["environment"])


def test_the_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    words = [line.split()[0] for line in lines if line and line[0].isupper()]
    assert words.index("USER") < words.index("CMD")
    assert "HEALTHCHECK" in words
    assert "USER psew" in lines
    sources = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert all((ROOT / source).exists() for source in sources)
