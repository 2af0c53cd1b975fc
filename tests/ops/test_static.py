"""Collected static files: everything has a hashed name, and our modules import by it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "core.static.HashedStatic"},
    }
    call_command("build_icons", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return tmp_path


def test_modules_import_each_other_by_hashed_names(collected: Path) -> None:
    entry = collected / staticfiles_storage.stored_name("workspace/js/app.js")
    imports = re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", entry.read_text())
    assert imports
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imports)
    assert all((entry.parent / name).is_file() for name in imports)


def test_files_are_compressed_once_when_they_are_collected(collected: Path) -> None:
    style = collected / staticfiles_storage.stored_name("admin/css/base.css")
    assert style.with_name(style.name + ".gz").is_file()
