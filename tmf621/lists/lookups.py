"""Ask a JSON column by jsonpath: PostgreSQL's own operator, a function of ours on SQLite."""

import json
from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import JSONField, Lookup

from tmf621.filtering import Part, matches, read_expression, to_expression, to_jsonpath

FUNCTION = "psew_tells"


@JSONField.register_lookup
class Tells(Lookup[Any]):
    """`told__tells=part`: the document holds what the part of a filter asks for."""

    lookup_name = "tells"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str, ...]]:
        text = to_jsonpath if connection.vendor == "postgresql" else to_expression
        return "%s", (text(value),)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @? {right}::jsonpath", [*left_params, *right_params]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{FUNCTION}({left}, {right})", [*left_params, *right_params]


def add_function(connection: Any, **_: Any) -> None:
    """Give a fresh SQLite connection the function; it has no jsonpath of its own."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 2, _tells, deterministic=True)


def _tells(document: str, expression: str) -> bool:
    return matches(_part(expression), json.loads(document))


@lru_cache(maxsize=256)
def _part(expression: str) -> Part:
    return read_expression(expression, longest=100_000)


def connect() -> None:
    """Add the function to every connection from now on."""
    connection_created.connect(add_function, dispatch_uid=FUNCTION)
