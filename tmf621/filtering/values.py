"""Values a filter compares with: what they may hold and what a text spells."""

import re
from collections.abc import Iterable
from decimal import Decimal

from tmf621.filtering.errors import MAX_LENGTH, BadFilter

Value = str | Decimal | bool | None
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
UNUSABLE = re.compile("[\0\ud800-\udfff]")


def readings(text: str) -> tuple[Value, ...]:
    """Return what a query value stands for: the text, and the number or boolean it spells.

    300 is the text "300" and the number 300; 300.0 is the text "300.0" and the number 300.
    """
    if NUMBER.fullmatch(text):
        return text, Decimal(text)
    if text in ("true", "false"):
        return text, text == "true"
    return (text,)


def told_apart(values: Iterable[Value]) -> list[tuple[type, Value]]:
    """Return the values with their types, because Python takes true and 1 for equal."""
    return [(type(value), value) for value in values]


def check_text(text: str, attribute: str) -> None:
    """Refuse a text no document can hold, or longer than values are read."""
    if len(text) > MAX_LENGTH:
        raise BadFilter(f"{attribute}: a value has at most {MAX_LENGTH} characters.", attribute)
    if UNUSABLE.search(text):
        raise BadFilter(f"{attribute}: a value holds a character no text can hold.", attribute)


def split_alternatives(raw: str, attribute: str, again: str = "") -> list[str]:
    """Return the alternatives of a raw value: commas and semicolons part them, except within
    double quotes, where a doubled quote stands for one; empty ones are passed over.

    `again` may stand before what follows a semicolon: `a=v;a=w` arrives as the value `v;a=w`.
    """
    found, at = [], 0
    while at < len(raw):
        if again and at and raw[at - 1] == ";" and raw.startswith(again, at):
            at += len(again)
        if raw[at : at + 1] == '"':
            text, at = _quoted(raw, at + 1, attribute)
            found.append(text)
        else:
            end = next((n for n in range(at, len(raw)) if raw[n] in ",;"), len(raw))
            found += [raw[at:end]] if end > at else []
            at = end
        at += 1
    return found


def _quoted(raw: str, at: int, attribute: str) -> tuple[str, int]:
    """Return a quoted value and where it ends."""
    text = ""
    while (end := raw.find('"', at)) >= 0:
        text += raw[at:end]
        at = end + 1
        if raw[at : at + 1] == '"':
            text, at = text + '"', at + 1
        elif raw[at : at + 1] in ("", ",", ";"):
            return text, at
        else:
            raise BadFilter(f"{attribute}: a comma belongs after the quoted value.", attribute)
    raise BadFilter(f"{attribute}: a quoted value does not end.", attribute)
