"""Lists: views, search, filters, keyset pages."""

from functools import partial
from typing import Any

import pytest

from core.actor import actor_of
from incidents.actions import update_incident
from tests.workspace.lists import numbers, open_incidents
from workspace.lists import BadCursor
from workspace.lists.order import read_cursor, write_cursor

pytestmark = pytest.mark.django_db
URL = "/lists/incidents/"


@pytest.fixture
def browser(people: Any, client_as: Any) -> Any:
    return client_as(people.nadia)


@pytest.fixture
def opened(people: Any, now: Any) -> Any:
    return partial(open_incidents, by=people.nadia, now=now)


def test_following_next_and_previous_visits_every_row_once(browser: Any, opened: Any) -> None:
    made = opened(60)
    seen: list[str] = []
    url = f"{URL}?view=all&size=25"
    pages = []
    while True:
        response = browser.get(url)
        pages.append(numbers(response))
        seen += pages[-1]
        cursor = response.context["page"].next_cursor
        if not cursor:
            break
        url = f"{URL}?view=all&size=25&after={cursor}"
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == {incident.number for incident in made}
    back = response.context["page"].previous_cursor
    before = browser.get(f"{URL}?view=all&size=25&before={back}")
    assert numbers(before) == pages[-2]


@pytest.mark.parametrize("sort", ["number", "-number", "priority", "-opened", "state"])
def test_every_offered_order_pages_without_loss(browser: Any, opened: Any, sort: str) -> None:
    opened(30)
    first = browser.get(f"{URL}?view=all&size=25&sort={sort}")
    after = first.context["page"].next_cursor
    rest = browser.get(f"{URL}?view=all&size=25&sort={sort}&after={after}")
    assert len({*numbers(first), *numbers(rest)}) == 30


def test_views_narrow_the_list(browser: Any, opened: Any, people: Any, now: Any) -> None:
    mine, other = opened(2)
    values = {"assigned_to": people.nadia}
    update_incident(incident_id=mine.pk, values=values, by=actor_of(people.nadia), now=now)
    assert numbers(browser.get(f"{URL}?view=mine")) == [mine.number]
    assert numbers(browser.get(f"{URL}?view=unassigned")) == [other.number]


def test_search_finds_numbers_and_words(browser: Any, opened: Any) -> None:
    first, second = opened(2)
    assert numbers(browser.get(f"{URL}?q={first.number.lower()}")) == [first.number]
    assert numbers(browser.get(f"{URL}?q=fault+1")) == [second.number]


def test_an_empty_reference_says_so(browser: Any, opened: Any) -> None:
    opened(1)
    assert "(empty)" in browser.get(URL).content.decode()


def test_the_documents_seven_columns_come_first(browser: Any, opened: Any) -> None:
    opened(1)
    labels = [column.label for column in browser.get(URL).context["list"].columns[:7]]
    assert labels == [
        "Number",
        "Short description",
        "Caller",
        "Priority",
        "State",
        "Service",
        "Assignment group",
    ]


@pytest.mark.parametrize("query", ["sort=password", "size=9999", "view=nothing", "colour=red"])
def test_an_unknown_wish_is_ignored(browser: Any, opened: Any, query: str) -> None:
    opened(1)
    assert len(numbers(browser.get(f"{URL}?{query}"))) == 1


@pytest.mark.parametrize("text", ["x", "e30", "W10", "bnVsbA", "%00"])
def test_a_damaged_place_is_no_server_error(browser: Any, text: str) -> None:
    assert browser.get(f"{URL}?after={text}").status_code == 404


def test_a_place_survives_its_way_through_the_address(now: Any) -> None:
    for value in (now, "INC0010001", 3):
        assert read_cursor(write_cursor(([value, None], 7))) == ([value, None], 7)
    with pytest.raises(BadCursor):
        read_cursor("!!")


@pytest.mark.parametrize(
    "name", ["incidents", "tasks", "cases", "changes", "accounts", "outages", "alerts"]
)
def test_every_list_opens(browser: Any, name: str) -> None:
    assert browser.get(f"/lists/{name}/").status_code == 200
    assert browser.get(f"/lists/{name}/?view=all&q=x").status_code == 200


def test_there_is_no_other_list(browser: Any) -> None:
    assert browser.get("/lists/users/").status_code == 404
