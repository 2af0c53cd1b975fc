"""System properties: declared in code by the app that reads them, valued in a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.models import SystemProperty

T = TypeVar("T")


class BadValue(ValueError):
    """A property's text cannot be read as its kind."""


def _boolean(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.strip().lower() not in words:
        raise BadValue(f"{text!r} is neither true nor false.")
    return words[text.strip().lower()]


def _integer(text: str) -> int:
    try:
        return int(text.strip())
    except ValueError as error:
        raise BadValue(f"{text!r} is not a whole number.") from error


@dataclass(frozen=True)
class Property(Generic[T]):
    """One declared property; `value()` reads it, the most specific row wins."""

    name: str
    default: T
    help: str
    read: Callable[[str], T]
    kind: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    least: int | None = None

    def value(self, domain_id: int | None = None) -> T:
        """Return the domain's value, else the instance's, else the default."""
        return self.values([domain_id])[domain_id]

    def values(self, domain_ids: Iterable[int | None]) -> dict[int | None, T]:
        """Return the values of several domains in one statement."""
        rows: dict[int | None, str] = dict(
            SystemProperty.objects.filter(name=self.name).values_list("domain_id", "value")
        )
        texts = {domain_id: rows.get(domain_id, rows.get(None)) for domain_id in domain_ids}
        return {key: self.read(text) if text else self.default for key, text in texts.items()}

    def check(self, text: str) -> None:
        """Raise `BadValue` when the text is no value of this property."""
        value = self.read(text)
        if self.least is not None and isinstance(value, int) and value < self.least:
            raise BadValue(f"{text.strip()} is less than {self.least}.")
        if self.choices and text not in self.choices:
            raise BadValue(f"{text!r} is not one of {', '.join(self.choices)}.")

    def default_text(self) -> str:
        """Return the default as one would type it."""
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)


@dataclass
class _Registry:
    by_name: dict[str, "Property[object]"] = field(default_factory=dict)


_registry = _Registry()


def declared() -> list["Property[object]"]:
    """Return all declared properties by name."""
    return [_registry.by_name[name] for name in sorted(_registry.by_name)]


def find(name: str) -> "Property[object] | None":
    """Return the property of this name or alias."""
    for prop in declared():
        if name == prop.name or name in prop.aliases:
            return prop
    return None


def _declare(prop: "Property[T]") -> "Property[T]":
    _registry.by_name[prop.name] = prop  # type: ignore[assignment]
    return prop


def integer(
    name: str, *, default: int, help: str, aliases: tuple[str, ...] = (), least: int = 0
) -> Property[int]:
    """Declare a whole-number property; smaller values than `least` cannot be entered."""
    return _declare(Property(name, default, help, _integer, "integer", aliases, least=least))


def boolean(
    name: str, *, default: bool, help: str, aliases: tuple[str, ...] = ()
) -> Property[bool]:
    """Declare a true/false property."""
    return _declare(Property(name, default, help, _boolean, "boolean", aliases))


def text(
    name: str,
    *,
    default: str,
    help: str,
    aliases: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
) -> Property[str]:
    """Declare a text property, with its legal values where there are few."""
    return _declare(Property(name, default, help, str, "text", aliases, choices))
