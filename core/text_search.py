"""Find records by words: full text and parts of words, each by an index on PostgreSQL.

Elsewhere the same question is asked plainly, so the answer is the same and only slower.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, migrations
from django.db.models import Q, QuerySet

# "simple" knows no language: site names and device names are no English.
CONFIG = "simple"
MOST_TERMS = 8
_TERM = re.compile(r"\w+", re.UNICODE)


def holding(
    rows: QuerySet[Any], words: str, *, titles: tuple[str, ...], texts: tuple[str, ...] = ()
) -> Any:
    """Return the rows that hold all the words: parts of them in one title, whole ones in the texts.

    `texts` are the columns of the full-text index, in its order; the last word may be unfinished.
    Words without a letter or digit find nothing.
    """
    words = words.replace("\0", "")
    plain = _TERM.findall(words)[:MOST_TERMS]
    if not plain:
        return rows.none()
    condition = _any_holds_all(titles, words.split()[:MOST_TERMS])
    if not texts:
        return rows.filter(condition)
    if connection.vendor != "postgresql":
        return rows.filter(condition | _each_is_somewhere(texts, plain))
    query = SearchQuery(_prefixed(plain), search_type="raw", config=CONFIG)
    vector = SearchVector(*texts, config=CONFIG)
    return rows.alias(told_words=vector).filter(condition | Q(told_words=query))


def _prefixed(terms: list[str]) -> str:
    return " & ".join([*terms[:-1], f"{terms[-1]}:*"])


def _any_holds_all(columns: tuple[str, ...], terms: list[str]) -> Q:
    found = Q(pk__in=[])
    for column in columns:
        held = Q()
        for term in terms:
            held &= Q(**{f"{column}__icontains": term})
        found |= held
    return found


def _each_is_somewhere(columns: tuple[str, ...], terms: list[str]) -> Q:
    found = Q()
    for term in terms:
        found &= _any_holds_all(columns, [term])
    return found


def search_indexes(table: str, *, titles: tuple[str, ...], texts: tuple[str, ...] = ()) -> Any:
    """Return the migration step that makes the indexes `holding` is answered by."""

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return
        editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for column in titles:
            editor.execute(
                f"CREATE INDEX {table}_{column}_parts ON {table} "
                f"USING gin (UPPER({column}::text) gin_trgm_ops)"
            )
        if texts:
            editor.execute(
                f"CREATE INDEX {table}_words ON {table} USING gin ({_vector_sql(texts)})"
            )

    def drop(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            for name in [f"{table}_{column}_parts" for column in titles] + [f"{table}_words"]:
                editor.execute(f"DROP INDEX IF EXISTS {name}")

    return migrations.RunPython(make, drop)


def _vector_sql(texts: tuple[str, ...]) -> str:
    joined = " || ' ' || ".join(f"COALESCE({text}, '')" for text in texts)
    return f"to_tsvector('{CONFIG}'::regconfig, {joined})"
