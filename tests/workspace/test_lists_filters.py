"""Filters, hints, orders and columns of a list's address."""

from datetime import timedelta
from typing import Any

import pytest

from changes.models import ChangeRequest
from core.actor import actor_of
from incidents.actions import update_incident
from tests.workspace.lists import numbers, open_incidents
from workspace.lists.registry import LIST_PAGES

pytestmark = pytest.mark.django_db
URL = "/lists/incidents/?view=all"


@pytest.fixture
def browser(people: Any, client_as: Any) -> Any:
    return client_as(people.nadia)


@pytest.fixture
def three(people: Any, now: Any) -> Any:
    """Return one of Nadia's in progress, one pressing, one untouched."""
    mine, pressing, plain = open_incidents(3, by=people.nadia, now=now)
    by = actor_of(people.nadia)
    change = {"assigned_to": people.nadia, "state": "in_progress"}
    update_incident(incident_id=mine.pk, values=change, by=by, now=now)
    change = {"impact": 1, "urgency": 1}
    update_incident(incident_id=pressing.pk, values=change, by=by, now=now)
    return mine.number, pressing.number, plain.number


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("state=in_progress", {0}),
        ("state=in_progress,new", {0, 1, 2}),
        ("state__not=in_progress", {1, 2}),
        ("priority=1", {1}),
        ("priority__to=2", {1}),
        ("title__contains=FAULT+1", {1}),
        ("title__without=1", {0, 2}),
        ("title__starts=fault", {0, 1, 2}),
        ("assignee=me", {0}),
        ("assignee__empty=1", {1, 2}),
        ("assignee__filled=1", {0}),
        ("attention=no&state=in_progress", {0}),
        ("opened__after=2001-01-01", {0, 1, 2}),
        ("opened__before=2001-01-01", set()),
        ("affected_account=ACC404", set()),
        ("q=state:%22in+progress%22", {0}),
        ("q=-state:in_progress", {1, 2}),
        ("q=priority:1,2", {1}),
        ("q=assignee:empty", {1, 2}),
        ("q=-assignee:empty", {0}),
        ("q=fault+-2", {0, 1}),
        ("q=%22fault+2%22", {2}),
        ("q=opened:%3E2001-01-01", {0, 1, 2}),
    ],
)
def test_each_filter_keeps_what_it_says(
    browser: Any, three: tuple[str, ...], wish: str, expected: set[int]
) -> None:
    response = browser.get(f"{URL}&{wish}")
    assert set(numbers(response)) == {three[n] for n in expected}
    assert response.context["page"].hints == []


@pytest.mark.parametrize(
    "wish", ["q=colour:red", "priority=high", "ci=nonsense", "opened__after=soon", "q=opened:x"]
)
def test_what_cannot_be_understood_is_told(browser: Any, three: Any, wish: str) -> None:
    response = browser.get(f"{URL}&{wish}")
    assert response.status_code == 200
    assert len(response.context["page"].hints) == 1


def test_every_offered_filter_works_on_every_list(browser: Any) -> None:
    values = {"moment": "2026-01-01", "number": "1", "flag": "yes"}
    values["uid"] = "00000000-0000-0000-0000-000000000001"
    for page in LIST_PAGES.values():
        wishes = "&".join(f"{f.key}={values.get(f.kind, 'x')}" for f in page.filters)
        assert browser.get(f"/lists/{page.name}/?view=all&{wishes}").status_code == 200
        for field in page.filters:
            if field.kind in ("ref", "text", "choice", "moment"):
                answer = browser.get(f"/lists/{page.name}/?view=all&{field.key}__empty=1")
                assert answer.status_code == 200


def test_a_chip_is_removed_by_itself(browser: Any, three: Any) -> None:
    page = browser.get(f"{URL}&state=in_progress&priority__to=5").content.decode()
    assert "State is In Progress" in page
    assert 'href="?view=all&amp;priority__to=5"' in page
    assert 'href="?view=all&amp;state=in_progress"' in page


def test_a_second_key_decides_where_the_first_is_the_same(browser: Any, three: Any) -> None:
    mine, pressing, plain = three
    found = numbers(browser.get(f"{URL}&sort=priority,-number"))
    assert found == [pressing, plain, mine]


@pytest.mark.parametrize("sort", ["start", "-start", "start,number", "-start,-opened"])
def test_empty_values_are_paged_over_without_loss(
    browser: Any, base: None, now: Any, sort: str
) -> None:
    for n in range(60):
        end = now + timedelta(hours=n // 3) if n % 2 else None
        ChangeRequest.objects.create(number=f"CHG{n}", planned_start=end)
    seen: list[str] = []
    url = f"/lists/changes/?view=all&size=25&sort={sort}"
    pages, after = [], ""
    while True:
        response = browser.get(url + after)
        pages.append(numbers(response))
        seen += pages[-1]
        page = response.context["page"]
        if not page.next_cursor:
            break
        after = f"&after={page.next_cursor}"
    assert len(seen) == len(set(seen)) == 60
    back = browser.get(f"{url}&before={page.previous_cursor}")
    assert numbers(back) == pages[-2]


def test_a_place_of_another_order_is_refused(browser: Any, people: Any, now: Any) -> None:
    open_incidents(30, by=people.nadia, now=now)
    place = browser.get(f"{URL}&size=25").context["page"].next_cursor
    assert browser.get(f"{URL}&size=25&sort=priority,number&after={place}").status_code == 404


def test_the_address_chooses_and_orders_columns(browser: Any, three: Any) -> None:
    page = browser.get(f"{URL}&columns=state,cases,nonsense,priority").context["page"]
    assert [c.key for c in page.address.columns] == ["number", "state", "cases", "priority"]


def test_columns_are_moved_and_kept_in_the_address(browser: Any, base: None) -> None:
    url = "/lists/changes/columns?view=all"
    data = {"order": ["ci", "state", "group"], "show": ["ci", "state"], "up": "state"}
    moved = browser.post(url, data).context["columns"]
    assert [(c.key, shown) for c, shown in moved][:2] == [("state", True), ("ci", True)]
    answer = browser.post(url, {**data, "save": "1"})
    assert answer.status_code == 303
    assert answer["Location"] == "/lists/changes/?view=all&columns=ci%2Cstate"


def test_a_filter_is_added_step_by_step(browser: Any, three: Any) -> None:
    url = "/lists/incidents/filter?view=all&sort=number"
    assert "Filter by" not in browser.get(url).content.decode()
    form = {"operator": "is", "value": ["new", "on_hold"]}
    answer = browser.post(f"{url}&field=state", form)
    assert answer["Location"] == "/lists/incidents/?view=all&sort=number&state=new%2Con_hold"
    wrong = browser.post(f"{url}&field=priority", {"operator": "from", "value": "much"})
    assert wrong.status_code == 422
    empty = browser.post(f"{url}&field=title", {"operator": "contains", "value": ""})
    assert empty.status_code == 422


def test_counting_stops_until_asked(
    browser: Any, three: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workspace.lists.paging.COUNT_CAP", 2)
    assert browser.get(URL).context["page"].total_text == "2+"
    assert browser.get(f"{URL}&count=all").context["page"].total_text == "3"


def test_changes_without_a_plan_come_last(browser: Any, base: None, now: Any) -> None:
    for number, start in (("A", None), ("B", now), ("C", now + timedelta(hours=1))):
        ChangeRequest.objects.create(number=number, planned_start=start)
    assert numbers(browser.get("/lists/changes/?view=all&sort=start")) == ["B", "C", "A"]
    assert numbers(browser.get("/lists/changes/?view=all&sort=-start")) == ["A", "C", "B"]
