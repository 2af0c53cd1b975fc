"""Compare what the API tells with what a published example shows."""

from collections.abc import Collection
from typing import Any


def without(value: Any, paths: Collection[str], at: str = "") -> Any:
    """Return the value without the members at dotted paths; arrays are walked through."""
    if isinstance(value, list):
        return [without(item, paths, at) for item in value]
    if not isinstance(value, dict):
        return value
    named = {f"{at}.{name}".lstrip("."): (name, item) for name, item in value.items()}
    return {
        name: without(item, paths, path)
        for path, (name, item) in named.items()
        if path not in paths
    }


def uncovered(wanted: Any, told: Any, at: str = "") -> list[str]:
    """Return the paths at which `told` lacks something of `wanted`; more is always fine."""
    if isinstance(wanted, dict) and isinstance(told, dict):
        lacking = [f"{at}.{name} is missing" for name in wanted if name not in told]
        for name in wanted.keys() & told.keys():
            lacking += uncovered(wanted[name], told[name], f"{at}.{name}")
        return lacking
    if isinstance(wanted, list) and isinstance(told, list):
        return [
            f"{at}[{n}] has no like of {item!r}"
            for n, item in enumerate(wanted)
            if not any(uncovered(item, other) == [] for other in told)
        ]
    return [] if wanted == told else [f"{at}: {wanted!r} is told as {told!r}"]


def members(value: Any, at: str = "") -> set[str]:
    """Return the paths of all members, whatever their values; arrays are written as []."""
    if isinstance(value, list):
        return {path for item in value for path in members(item, f"{at}[]")}
    if not isinstance(value, dict):
        return set()
    return {f"{at}.{name}" for name in value} | {
        path for name, item in value.items() for path in members(item, f"{at}.{name}")
    }
