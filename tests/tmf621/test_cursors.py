"""Otto walks through long lists."""

import base64
import json
from typing import Any

import pytest

from tests.tmf621.conftest import Api


@pytest.fixture
def nine(otto: Api) -> list[dict[str, Any]]:
    """Nine tickets in the order they were made; severities and names repeat."""
    kinds = ["incident", "case", "incident"] * 3
    return [
        otto.open(ticketType=kind, name=f"t{n // 2}", severity=str(n % 3 + 1))
        for n, kind in enumerate(kinds)
    ]


def _link(answer: Any, relation: str) -> str:
    for part in answer.headers.get("Link", "").split(", "):
        if part.endswith(f'rel="{relation}"'):
            return "?" + part.split("?", 1)[1].split(">")[0]
    return ""


def _walk(otto: Api, path: str, relation: str) -> list[list[dict[str, Any]]]:
    pages = []
    while path:
        answer = otto.get(path)
        assert answer.status_code in (200, 206)
        assert answer["X-Total-Count"] == "9"
        pages.append(answer.json())
        path = _link(answer, relation) if pages[-1] else ""
    return pages


@pytest.mark.parametrize(
    "sort", ["", "creationDate", "-lastUpdate", "severity", "-severity,name", "name,-priority"]
)
def test_cursors_lead_through_a_list_and_back(otto: Api, nine: list[Any], sort: str) -> None:
    whole = otto.get(f"?sort={sort}").json()
    forth = _walk(otto, f"?sort={sort}&limit=2&after=", "next")
    assert [ticket for page in forth for ticket in page] == whole
    last = otto.get(f"?sort={sort}&limit=2&offset=7")
    # The last page by offset names no cursor, so the way back begins at the walk's end.
    answer = otto.get(f"?sort={sort}&limit=2&after=")
    while nexts := _link(answer, "next"):
        answer = otto.get(nexts)
    back = _walk(otto, _link(answer, "prev"), "prev")
    seen = [ticket for page in reversed(back) for ticket in page]
    assert seen == whole[: len(whole) - len(answer.json())]
    assert last.json() == whole[7:]


def test_cursors_end_where_the_list_does(otto: Api, nine: list[Any]) -> None:
    first = otto.get("?limit=3&after=")
    assert (_link(first, "prev"), bool(_link(first, "next"))) == ("", True)
    last = otto.get(_link(otto.get(_link(first, "next")), "next"))
    assert len(last.json()) == 3
    assert (bool(_link(last, "prev")), _link(last, "next")) == (True, "")
    again = otto.get(_link(otto.get(_link(last, "prev")), "prev"))
    assert again.json() == first.json()
    assert (_link(again, "prev"), bool(_link(again, "next"))) == ("", True)


def test_rows_that_come_meanwhile_move_nothing(otto: Api, nine: list[Any]) -> None:
    first = otto.get("?limit=4&after=")
    otto.open(name="newest")
    rest = otto.get(_link(first, "next")).json()
    assert [t["id"] for t in first.json() + rest] == [t["id"] for t in nine[::-1]][:8]


def test_sorting_by_several_attributes(otto: Api, nine: list[Any]) -> None:
    told = [(t["severity"], t["name"]) for t in otto.get("?sort=-severity,name").json()]
    assert told == sorted(told, key=lambda pair: (-int(pair[0]), pair[1]))


@pytest.mark.parametrize(
    "query",
    [
        "?after=xyz",
        "?after=" + "A" * 2000,
        "?before=eyJ9",
        "?after=W10&before=W10",
        "?sort=name,severity,status,priority",
        "?after=W1siLW9wZW5lZF9hdCIsIi1pZCJdLFsiMjAyNi0wMS0wMVQwMDowMDowMFoiLHt9XV0",
    ],
)
def test_bad_cursors_are_refused(otto: Api, query: str) -> None:
    answer = otto.get(query)
    assert (answer.status_code, answer.json()["code"]) == (400, "28")


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("-creationDate", [1, 1]),
        ("-creationDate", [None, 1]),
        ("-creationDate", ["2026-01-01T00:00:00Z", True]),
        ("name", ["\ud800", "2026-01-01T00:00:00Z", 1]),
        ("name", ["\0", "2026-01-01T00:00:00Z", 1]),
        ("name", [1, "2026-01-01T00:00:00Z", 1]),
    ],
)
def test_forged_cursors_are_refused(otto: Api, sort: str, values: list[Any]) -> None:
    keys = ["name"] if sort == "name" else []
    text = json.dumps([[*keys, "-opened_at", "-id"], values])
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    answer = otto.get(f"?sort={sort}&after={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "28")


def test_a_cursor_belongs_to_its_order(otto: Api, nine: list[Any]) -> None:
    after = _link(otto.get("?limit=2&after="), "next")
    assert otto.get(f"{after}&sort=name").status_code == 400
