"""Cells of chosen rows: the same as the list draws, for the same people."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actor import actor_of
from core.models import User
from incidents.actions import resolve_incident, update_incident
from workspace.live.cells import MOST_IDS

pytestmark = pytest.mark.django_db


def ask(browser: Any, ids: list[int], name: str = "incidents", **address: str) -> Any:
    query = {"list": name, "ids": ",".join(map(str, ids)), **address}
    return browser.get("/live/cells", query)


def test_the_cells_are_those_of_the_list(people: Any, opened: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    incident = opened("Edge <down>")
    address = {"view": "all", "columns": "number,short_description,priority,state,accounts"}
    html = ask(browser, [incident.pk], **address).json()["html"]
    page = browser.get("/lists/incidents/", address).content.decode()
    cells = re.findall(r'(<t[dh]) id="incidents-[^"]*"(.*?)</t[dh]>', html)
    assert len(cells) == 5
    # A page leaves out the ids and end tags that its scripts and HTML put in.
    assert all(start + rest in page for start, rest in cells)
    assert f'data-id="{incident.pk}"' in html


def test_it_tells_which_rows_belong_to_the_list(
    people: Any, opened: Any, client_as: Any, now: datetime
) -> None:
    browser = client_as(people.nadia)
    stays, left = opened("Stays"), opened("Left")
    resolve_incident(
        incident_id=left.pk, code="solved", notes="Done.", by=actor_of(people.luis), now=now
    )
    answer = ask(browser, [stays.pk, left.pk], view="open").json()
    assert answer["matches"] == [stays.pk]
    assert "Resolved" in answer["html"]


def test_filters_and_words_of_the_address_count(
    people: Any, opened: Any, client_as: Any, now: datetime
) -> None:
    browser = client_as(people.nadia)
    one, two = opened("Alpha"), opened("Beta")
    values = {"impact": 1, "urgency": 1}
    update_incident(incident_id=two.pk, values=values, by=actor_of(people.luis), now=now)
    both = [one.pk, two.pk]
    assert ask(browser, both, view="all", priority="1").json()["matches"] == [two.pk]
    assert ask(browser, both, view="all", q="alpha").json()["matches"] == [one.pk]
    assert ask(browser, both, view="mine").json()["matches"] == []


def test_a_foreign_row_looks_like_an_absent_one(tenants: Any, opened: Any, client_as: Any) -> None:
    browser = client_as(tenants.north)
    foreign = opened(by=tenants.south)
    answers = [ask(browser, [pk], view="all").json() for pk in (foreign.pk, 10**12)]
    assert answers[0] == answers[1]
    assert answers[0]["matches"] == []
    assert "<tr" not in answers[0]["html"]


def test_the_list_has_its_permission(people: Any, opened: Any, client_as: Any) -> None:
    incident = opened()
    nobody = client_as(User.objects.create_user("nobody"))
    assert ask(nobody, [incident.pk]).status_code == 403
    assert ask(client_as(people.nadia), [1], name="secrets").status_code == 404


@pytest.mark.parametrize("ids", ["", "1,x", "-1", ",".join(["1"] * (MOST_IDS + 1)), "9" * 30])
def test_ids_that_are_none_are_refused(people: Any, client_as: Any, ids: str) -> None:
    query = {"list": "incidents", "ids": ids}
    assert client_as(people.nadia).get("/live/cells", query).status_code == 400


def test_an_unchanged_answer_is_not_sent_twice(people: Any, opened: Any, client_as: Any) -> None:
    browser, incident = client_as(people.nadia), opened()
    address = {"list": "incidents", "ids": incident.pk, "columns": "number,state"}
    tag = browser.get("/live/cells", address)["ETag"]
    again = browser.get("/live/cells", address, headers={"if-none-match": tag})
    assert again.status_code == 304


def test_many_rows_take_as_many_statements_as_one(people: Any, opened: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    ids = [opened(f"Fault {n}").pk for n in range(5)]

    def statements(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(browser, some, view="all").json()["matches"] == some
        return len(captured)

    assert statements(ids) == statements(ids[:1])
