"""Typed attributes of configuration items; plain values, no database (R141-R146)."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("text", "int", "date", "bool", "ip", "choice")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class BadAttribute(ValueError):
    """An attribute is unknown or has no legal value; `name` says which."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as its class declares it."""

    name: str
    label: str
    kind: str
    help: str = ""
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """Return the value as JSON keeps it, None when empty; raises `BadAttribute`."""
        if value is None or value == "":
            return None
        try:
            return _READERS[self.kind](self, value)
        except ValueError as error:
            raise BadAttribute(self.name, f"{self.label}: {error}") from error


def _text(_: Attribute, value: Any) -> str:
    return str(value).strip()


def _int(_: Attribute, value: Any) -> int:
    try:
        return int(str(value).strip())
    except ValueError:
        raise ValueError(f"{value!r} is not a whole number.") from None


def _date(_: Attribute, value: Any) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError(f"{value!r} is not a date such as 2026-03-31.") from None


def _bool(_: Attribute, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _WORDS:
        raise ValueError(f"{value!r} is neither true nor false.")
    return _WORDS[word]


def _ip(_: Attribute, value: Any) -> str:
    try:
        return str(ipaddress.ip_address(str(value).strip()))
    except ValueError:
        raise ValueError(f"{value!r} is not an IP address.") from None


def _choice(attribute: Attribute, value: Any) -> str:
    word = str(value).strip()
    if word not in attribute.choices:
        raise ValueError(f"{word!r} is not one of {', '.join(attribute.choices)}.")
    return word


_READERS: dict[str, Callable[[Attribute, Any], Any]] = {
    "text": _text,
    "int": _int,
    "date": _date,
    "bool": _bool,
    "ip": _ip,
    "choice": _choice,
}


def declared(rows: Iterable[Mapping[str, Any]]) -> list[Attribute]:
    """Return the attributes a class's rows declare; raises `BadAttribute` for a broken row."""
    return [_declare(row) for row in rows]


def _declare(row: Mapping[str, Any]) -> Attribute:
    name, kind = str(row.get("name", "")), str(row.get("kind", "text"))
    choices = tuple(str(choice) for choice in row.get("choices") or ())
    if not name.isidentifier():
        raise BadAttribute(name, f"{name!r} is no name: letters, digits and _ only.")
    if kind not in KINDS:
        raise BadAttribute(name, f"{name}: kind {kind!r} is not one of {', '.join(KINDS)}.")
    if kind == "choice" and not choices:
        raise BadAttribute(name, f"{name}: a choice needs its choices.")
    label = str(row.get("label") or name.replace("_", " ").capitalize())
    return Attribute(name, label, kind, str(row.get("help", "")), choices)


def inherited(lineage: Iterable[Iterable[Attribute]]) -> list[Attribute]:
    """Return all attributes from the root class down; a class may redefine an inherited one."""
    merged: dict[str, Attribute] = {}
    for attributes in lineage:
        merged.update({attribute.name: attribute for attribute in attributes})
    return list(merged.values())


def read_all(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filled values as JSON keeps them; raises `BadAttribute` for the first bad one."""
    known = {attribute.name: attribute for attribute in attributes}
    for name in values:
        if name not in known:
            raise BadAttribute(name, f"The class has no attribute {name!r}.")
    read = {name: known[name].read(value) for name, value in values.items()}
    return {name: value for name, value in read.items() if value is not None}
