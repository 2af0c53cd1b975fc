"""API scopes: what the key of a machine may be limited to, declared by the app that asks for it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

_labels: dict[str, str] = {}


def declare(name: str, label: str) -> str:
    """Declare a scope and return its name; apps do so in a module named `scopes`."""
    _labels[name] = label
    return name


def declared() -> dict[str, str]:
    """Return the labels of all declared scopes by name."""
    return dict(sorted(_labels.items()))


def check_scopes(names: Iterable[str]) -> None:
    """Raise `ValidationError` when one of the names is not declared."""
    unknown = [str(name) for name in names if name not in _labels]
    if unknown:
        raise ValidationError(f"There is no API scope named {', '.join(unknown)}.")
