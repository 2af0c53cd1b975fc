"""A filter means the same in Python, in the database and written out."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tmf621.filtering.asking import Json, answer, documents, parts, paths
from tmf621.filtering import Filter, Part, matches, read_expression, read_query, to_expression
from tmf621.filtering.parts import Compare, Operator

pytestmark = pytest.mark.django_db
often = settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(documents, parts)
@example({"a": [[["x"]]]}, Part(("a",), Compare((), Operator.EQ, ("x",))))
@example({"a": [[["x"]]]}, Part((), Compare(("a",), Operator.EQ, ("x",))))
@example({"a": 0.1}, Part(("a",), Compare((), Operator.EQ, (Decimal("0.1"),))))
@example({"a": None}, Part((), Compare(("a",), Operator.NE, ("x",))))
@example({"a": {}}, Part((), Compare(("a",), Operator.NE, (None,))))
@example({"a": "x"}, Part(("a",), Compare((), Operator.EQ, ())))
def test_the_database_agrees(document: Json, part: Part) -> None:
    assert answer(document, part) == matches(part, document)


@often
@given(st.text(), st.text(), paths, st.sampled_from(["==", "!=", ">", ">=", "<", "<="]))
def test_the_database_compares_texts_alike(
    stored: str, asked: str, path: tuple[str, ...], sign: str
) -> None:
    stored, asked = stored.replace("\0", ""), asked.replace("\0", "")
    part = Part((), Compare(("a",), Operator(sign), (asked,)))
    assert answer({"a": stored}, part) == matches(part, {"a": stored})


@given(parts)
def test_a_part_written_out_is_the_same_part(part: Part) -> None:
    assert read_expression(to_expression(part), longest=10_000) == part


TICKET = {
    "status": "acknowledged",
    "severity": "2",
    "size": 300,
    "open": True,
    "creationDate": "2024-02-24T08:32:52.114Z",
    "relatedParty": [{"id": "p1", "role": "customer"}, {"id": "p2", "role": "contact"}],
    "note": [{"author": "ems-1", "text": "Link\ndown"}],
}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"status": "acknowledged"}, True),
        ({"status": "Acknowledged"}, False),
        ({"status": "held,acknowledged"}, True),
        ({"status": "acknowledged", "severity": "1"}, False),
        ({"size": "300"}, True),
        ({"size": "300.0"}, True),
        ({"size": "3e2"}, False),
        ({"severity": "2.0"}, False),
        ({"severity.gt": "1"}, True),
        ({"size.gt": "40"}, True),
        ({"open": "true"}, True),
        ({"open": "1"}, False),
        ({"creationDate": "2024-02-24T09:32:52.1149+01:00"}, True),
        ({"creationDate.gt": "2024-02-24"}, True),
        ({"creationDate.lt": "2024-02-24T08:32:53Z"}, True),
        ({"relatedParty.id": "p2", "relatedParty.role": "customer"}, True),
        ({"filter": "relatedParty[?(@.id=='p2' && @.role=='customer')]"}, False),
        ({"filter": "relatedParty[?(@.id=='p1' && @.role=='customer')]"}, True),
        ({"note.text.regex": "^Link.down$"}, True),
        ({"note.text.regex": "link"}, False),
        ({"note.text*": "down"}, True),
        ({"filter": "$[?(@.status=='acknowledged')]"}, True),
        ({"filter": "[?(@.severity==2)]"}, False),
        ({"filter": "note[?(@.date)]"}, False),
        ({"filter": "note[?(@)]"}, True),
        ({"nothing": "x"}, False),
        ({}, True),
    ],
)
def test_a_ticket_fits(query: dict[str, str], fits: bool) -> None:
    asked: Filter = read_query(query.items(), reserved=())
    assert matches(asked, TICKET) is fits
    assert all(answer(TICKET, part) for part in asked.parts) is fits
