"""Equality is looked up in a jsonb_path_ops index, not tried on every document."""

import json

import pytest
from django.db import connection

from tmf621.filtering import Part, matches, read_expression, read_query, to_jsonpath

pytestmark = pytest.mark.django_db
DOCUMENTS = [
    {
        "id": f"t{n}",
        "severity": str(n),
        "open": n == 7,
        "attachment": [{"size": n, "mimeType": f"m{n % 9}"}, {"size": -n, "mimeType": "x"}],
        "note": [{"author": f"a{n}", "texts": [f"b{n}", "c"]}],
    }
    for n in range(500)
]


@pytest.fixture
def table(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TEMPORARY TABLE told (document jsonb)")
            cursor.execute("CREATE INDEX ON told USING gin (document jsonb_path_ops)")
            rows = [[json.dumps(document)] for document in DOCUMENTS]
            cursor.executemany("INSERT INTO told VALUES (%s)", rows)
            cursor.execute("ANALYZE told; SET LOCAL enable_seqscan = off")


def looked_at(part: Part) -> int:
    """Return how many documents the index leaves; where there is none, how many fit."""
    if connection.vendor != "postgresql":
        return sum(matches(part, document) for document in DOCUMENTS)
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM told WHERE document @? %s::jsonpath",
            [to_jsonpath(part)],
        )
        [[[explained]]] = cursor.fetchall()
    [scan] = explained["Plan"]["Plans"]
    assert scan["Node Type"] == "Bitmap Index Scan"
    return int(scan["Actual Rows"])


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        ("id", "t3", 1),
        ("id", "t3,t4;t5", 3),
        ("severity", "3", 1),
        ("open", "true", 1),
        ("note.author", "a3", 1),
        ("note.texts", "b3", 1),
        ("filter", "attachment[?(@.size==300)]", 1),
        ("filter", "attachment[?(@.size==300 && @.mimeType=='m3')]", 1),
        ("filter", "attachment[?(@.size==300 && (@.mimeType=='m3' || @.mimeType=='m4'))]", 1),
        ("filter", "attachment[?(@.size==300 || @.size==301 || @.size==302)]", 3),
        ("filter", "attachment[?(@.size==300 && @.mimeType=~'m')]", 1),
        ("filter", "$[?(@.id=='t3' || @.severity=='4')]", 2),
    ],
)
def test_equality_uses_the_index(table: None, key: str, value: str, count: int) -> None:
    [part] = read_query([(key, value)], reserved=()).parts
    assert looked_at(part) == count


def test_rewritten_paths_keep_the_index(table: None) -> None:
    asked = read_expression("attachment[?(@.value.size==300)]")
    mapping = {("attachment", "value"): ("attachment",)}
    assert looked_at(asked.with_paths(mapping)) == 1
