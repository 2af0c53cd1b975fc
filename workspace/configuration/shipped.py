"""Read the shipped files and create what a site lacks of them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model

Entry = dict[str, Any]
M = TypeVar("M", bound=Model)


class BadConfiguration(Exception):
    """A shipped file names something that does not exist; the text says what and where."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of one kind were created, refreshed and left as they were."""

    kind: str
    created: int
    kept: int
    refreshed: int = 0

    def __str__(self) -> str:
        refreshed = f", {self.refreshed} refreshed" if self.refreshed else ""
        return f"{self.kind}: {self.created} created, {self.kept} kept{refreshed}"


def folder(part: str) -> Path:
    """Return the folder of `base` or `demo`."""
    return Path(settings.FIXTURES_DIR) / part


def entries(part: str, name: str, kind: str) -> list[Entry]:
    """Return the `[[kind]]` entries of a shipped file; a file without them has none."""
    found = document(part, name).get(kind, [])
    return list(found)


def document(part: str, name: str) -> Entry:
    """Return a shipped file as TOML; raises `BadConfiguration` when it is missing or unreadable."""
    path = folder(part) / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(f"{path} cannot be read: {error}") from error


def named(known: dict[str, Any], name: str, what: str) -> Any:
    """Return what a name stands for; raises `BadConfiguration` for an unknown one."""
    try:
        return known[name]
    except KeyError as error:
        raise BadConfiguration(f"{what} {name!r} does not exist.") from error


def create_missing(rows: list[M], key: tuple[str, ...]) -> list[M]:
    """Insert the rows whose natural key is not there yet, in one statement; return those."""
    if not rows:
        return []
    model = type(rows[0])
    there = set(model._base_manager.values_list(*key))
    fresh = [row for row in rows if tuple(getattr(row, part) for part in key) not in there]
    return model._base_manager.bulk_create(fresh)


def ids_by(model: type[Model], key: str) -> dict[str, int]:
    """Return the ids of a model's rows by one field."""
    return dict(model._base_manager.values_list(key, "pk"))
