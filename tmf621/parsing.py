"""Read JSON and dates strictly: what cannot be stored or is ambiguous is refused (R21, R22)."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any, NoReturn

from rest_framework.parsers import BaseParser

from tmf621.errors import BadBody, TooLarge

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_MEMBERS = 1_000
MAX_VALUES = 10_000
MAX_DIGITS = 18
EARLIEST, LATEST = 1970, 2200
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII
)


def read_json(raw: bytes) -> Any:
    """Return the value of a JSON document.

    Errors: `TooLarge` above 1 MB; `BadBody` for bad JSON, duplicate keys, NaN, infinite or huge
    numbers, NUL and lone surrogates in texts, and more depth or members than the limits.
    """
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"A body holds at most {MAX_BYTES} bytes.")
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except (ValueError, RecursionError) as error:
        raise BadBody(f"The body is not valid JSON: {_plain(error)}.") from error
    _check_tree(value)
    return value


def parse_moment(text: str) -> datetime | None:
    """Return the moment an RFC 3339 text names, in UTC; None without an offset or a sane year."""
    if not _DATE.match(text):
        return None
    # Python 3.11 reads six fraction digits at most.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", text.upper())
    try:
        moment = datetime.fromisoformat(shortened).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment.year < LATEST else None


class StrictJSONParser(BaseParser):
    """Parse `application/json` bodies strictly."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_json(stream.read(MAX_BYTES + 1))


class MergePatchParser(StrictJSONParser):
    """Parse RFC 7396 bodies; their syntax is JSON's."""

    media_type = "application/merge-patch+json"


class JSONPatchParser(StrictJSONParser):
    """Parse RFC 6902 bodies."""

    media_type = "application/json-patch+json"


class JSONPatchQueryParser(StrictJSONParser):
    """Parse TMF630's patches whose paths pick array elements by a query."""

    media_type = "application/json-patch-query+json"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member name occurs twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number is too large")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON value")


def _plain(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)


def _check_tree(value: Any) -> None:
    """Walk without recursion, so that the check itself cannot be nested to death."""
    todo, seen = [(value, 1)], 0
    while todo:
        node, depth = todo.pop()
        seen += 1
        if isinstance(node, str):
            _check_text(node)
        elif isinstance(node, dict | list):
            if depth > MAX_DEPTH:
                raise BadBody(f"The body is nested deeper than {MAX_DEPTH} levels.")
            if len(node) > MAX_MEMBERS:
                raise BadBody(f"An object or array holds at most {MAX_MEMBERS} members.")
            parts = [*node, *node.values()] if isinstance(node, dict) else node
            todo.extend((part, depth + 1) for part in parts)
        if seen > MAX_VALUES:
            raise BadBody(f"A body holds at most {MAX_VALUES} values.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise BadBody("A text contains the character U+0000.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise BadBody("A text contains a lone surrogate.")
