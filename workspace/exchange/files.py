"""How a configuration lies in a folder: stable order, one thing a line, so that diffs read well."""

import json
import shutil
from pathlib import Path
from typing import Any

from workspace.exchange.kinds import BadImport, Kind

MARKDOWN = frozenset({"messages"})
SAFE = str.maketrans({"/": "_", "\\": "_", "\0": "_", ":": "_"})


def write_kind(folder: Path, kind: Kind) -> int:
    """Write all rows of a kind below the folder, in place of what lay there; return how many."""
    rows = kind.rows()
    if not kind.apart:
        _write(folder / f"{kind.name}.json", _as_json(rows))
        return len(rows)
    shutil.rmtree(folder / kind.name, ignore_errors=True)
    for key, value in rows.items():
        text = str(value) if kind.name in MARKDOWN else _as_json({key: value})
        _write(folder / kind.name / f"{_file_name(kind, key)}", text)
    return len(rows)


def read_kind(folder: Path, kind: Kind) -> dict[str, Any]:
    """Return what a folder wants of a kind, by key; nothing where it has no file of it."""
    if not kind.apart:
        path = folder / f"{kind.name}.json"
        return _read(path) if path.is_file() else {}
    found: dict[str, Any] = {}
    if kind.name in MARKDOWN:
        below = folder / kind.name
        for path in sorted(below.rglob("*.md")):
            key = path.relative_to(below).with_suffix("").as_posix()
            found[key] = path.read_text("utf-8").strip()
        return found
    for path in sorted((folder / kind.name).glob("*.json")):
        found.update(_read(path))
    return found


def _file_name(kind: Kind, key: str) -> str:
    if kind.name in MARKDOWN:
        return f"{key}.md"
    return f"{key.translate(SAFE)}.json"


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadImport(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise BadImport(f"{path} holds no rows by key.")
    return found
