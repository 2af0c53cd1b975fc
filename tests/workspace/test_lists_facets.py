"""Values beside a list: counts that hold, in little time, for who wants them (ux C.1)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.models import Domain, User
from core.patience import TooSlow
from incidents.actions import open_incident
from incidents.models import Incident
from workspace.lists import facets
from workspace.lists.registry import LIST_PAGES
from workspace.preferences import Preferences, keep

pytestmark = pytest.mark.django_db
URL = "/lists/incidents/"


@pytest.fixture
def browser(people: Any, nadia: Client) -> Client:
    """Nadia's browser, with values beside lists."""
    keep(people.nadia, Preferences(facets="beside"))
    return nadia


@pytest.fixture
def some(people: Any, now: datetime, groups: Any) -> None:
    """Four incidents: two of the coordinators, one of L1, one of nobody that is held."""
    by = actor_of(people.nadia)
    for n, group in enumerate((groups.coordinators, groups.coordinators, groups.l1, None)):
        values = {"assignment_group": group, "category": "sd_wan" if n else "", "impact": 1}
        made = open_incident(by=by, now=now, short_description=f"Fault {n}", values=values)
        state = "new" if group else "on_hold"
        Incident.objects.filter(pk=made.pk).update(state=state, assignment_group=group)


def shown(browser: Client, query: str) -> dict[str, dict[str, Any]]:
    found = browser.get(f"{URL}?{query}").context["facets"]
    return {facet.label: {value.label: value for value in facet.values} for facet in found}


def test_every_count_opens_a_list_of_that_many(browser: Client, some: None) -> None:
    found = shown(browser, "view=open")
    assert list(found) == ["State", "Priority", "Stage", "Assignment group", "Category"]
    values = [value for values in found.values() for value in values.values()]
    assert len(values) > 7
    for value in values:
        page = browser.get(f"{URL}{value.url}").context["page"]
        assert str(page.total) == value.count, value


def test_values_have_names_and_empty_is_one(browser: Client, some: None) -> None:
    found = shown(browser, "view=open")
    assert found["State"]["On Hold"].count == "1"
    assert found["Category"]["SD-WAN"].count == "3"
    assert found["Assignment group"]["(empty)"].count == "1"


def test_a_second_value_is_chosen_as_well_and_taken_back(browser: Client, some: None) -> None:
    one = shown(browser, "view=open&state=new")
    assert one["State"]["New"].chosen
    assert one["State"]["On Hold"].count == "1", "its own choice does not narrow a facet"
    assert set(one["Assignment group"]) == {"Network Coordinators", "L1 Network Engineering"}
    both = browser.get(URL + one["State"]["On Hold"].url).context["page"]
    assert both.total == 4
    none = browser.get(URL + one["State"]["New"].url).context["page"]
    assert [c.param for c in none.address.conditions] == []


def test_large_counts_are_capped(
    browser: Client, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "COUNT_CAP", 2)
    assert shown(browser, "view=open")["State"]["New"].count == "2+"


def test_a_facet_out_of_time_shows_no_number(
    browser: Client, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: Any) -> Any:
        raise TooSlow

    monkeypatch.setattr(facets, "_counts", slow)
    page = browser.get(f"{URL}?view=open&state=new")
    assert {facet.slow for facet in page.context["facets"]} == {True}
    assert shown(browser, "view=open")["State"]["On Hold"].count == ""
    assert "Not counted in time." in page.content.decode()


def test_rows_out_of_sight_are_not_counted(
    people: Any, browser: Client, some: None, client_as: Callable[[User], Client]
) -> None:
    people.nadia.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    people.nadia.save()
    assert shown(browser, "view=open")["Category"] == {}


def test_nobody_gets_them_unasked_and_the_menu_switches_them(nadia: Client, some: None) -> None:
    page = nadia.get(f"{URL}?view=open")
    assert page.context["facets"] == []
    assert "Show values beside the list" in page.content.decode()
    nadia.post("/preferences", {"facets": "beside", "next": f"{URL}?view=open"})
    page = nadia.get(f"{URL}?view=open")
    assert len(page.context["facets"]) == 5
    assert "Hide values beside the list" in page.content.decode()


def test_a_list_without_rows_keeps_its_facets(browser: Client, some: None) -> None:
    page = browser.get(f"{URL}?view=open&state=resolved")
    assert page.context["page"].total == 0
    assert 'class="facets"' in page.content.decode()


@pytest.mark.parametrize("name", LIST_PAGES)
def test_every_facet_is_a_field_of_its_list(name: str, people: Any, client_as: Any) -> None:
    page = LIST_PAGES[name]
    assert page.facets
    assert all(page.field(key) for key in page.facets)
    keep(people.ada, Preferences(facets="beside"))
    assert client_as(people.ada).get(f"/lists/{name}/?view=all").status_code == 200


def test_the_view_of_the_operations_centre_has_its_own_columns(nadia: Client, some: None) -> None:
    columns = nadia.get(f"{URL}?view=noc").context["page"].address.columns
    assert [column.key for column in columns][:5] == [
        "number",
        "priority",
        "short_description",
        "ci",
        "accounts",
    ]
    usual = nadia.get(f"{URL}?view=open").context["page"].address.columns
    assert [column.label for column in usual][:7] == [
        "Number",
        "Short description",
        "Caller",
        "Priority",
        "State",
        "Service",
        "Assignment group",
    ]
    chosen = nadia.get(f"{URL}?view=noc&columns=state").context["page"].address.columns
    assert [column.key for column in chosen] == ["number", "state"]
