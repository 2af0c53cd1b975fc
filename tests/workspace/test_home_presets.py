"""Home by kind of work: chosen by the groups, changed in the preferences, numbers that hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from core.actor import actor_of
from core.models import AssignmentGroup, User
from incidents.actions import open_incident
from incidents.models import Incident
from tests.notifications.rows import make_delivery, make_event, make_subscriber
from workspace.home import PRESETS, preset_of
from workspace.home.panels import FILL
from workspace.preferences import HOMES, Preferences, keep

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


def join(user: User, *names: str) -> User:
    user.assignment_groups.clear()
    for name in names:
        AssignmentGroup.objects.get(name=name).members.add(user)
    return user


@pytest.mark.parametrize(
    ("group", "preset"),
    [
        ("Network Coordinators", "coordinator"),
        ("L2 Network Engineering", "engineer"),
        ("Major Issue Management", "major"),
        ("Change Management", "manager"),
    ],
)
def test_the_groups_decide(people: Any, group: str, preset: str) -> None:
    assert preset_of(join(people.mei, group)).key == preset


def test_without_a_known_group_the_rights_decide(people: Any) -> None:
    assert preset_of(join(people.ada)).key == "admin"
    assert preset_of(join(people.luis)).key == "coordinator"


def test_in_several_groups_the_first_kind_of_work_counts(people: Any) -> None:
    both = join(people.mei, "L2 Network Engineering", "Network Coordinators")
    assert preset_of(both).key == "coordinator"


def test_the_choice_in_the_preferences_wins(people: Any, client_as: Any) -> None:
    nadia = join(people.nadia, "Network Coordinators")
    keep(nadia, Preferences(home="manager"))
    page = client_as(nadia).get("/")
    assert page.context["home"].panels[:2] == ["backlog", "load"]
    text = page.content.decode()
    assert text.index('id="backlog"') < text.index('id="pressing"')
    assert "Home of: Manager" in text


def test_every_preset_can_be_chosen_and_every_panel_exists() -> None:
    assert {preset.key for preset in PRESETS} == {key for key, _ in HOMES if key}
    assert {name for preset in PRESETS for name in preset.panels} <= set(FILL)


@pytest.fixture
def busy(people: Any, now: datetime, groups: Any) -> None:
    """Incidents of every age, some of them Ada's; cases, one major; a system that gets nothing."""
    by = actor_of(people.nadia)
    for n, hours in enumerate((1, 3, 5, 30, 200, 2000)):
        values = {"assignment_group": groups.l1 if n % 2 else groups.coordinators}
        made = open_incident(
            by=by, now=now - timedelta(hours=hours), short_description=f"F{n}", values=values
        )
        if n < 2:
            Incident.objects.filter(pk=made.pk).update(assigned_to=people.ada)
    for n in range(4):
        major = "accepted" if n == 0 else ""
        Case.objects.create(number=f"CS{n}", proactive=n < 2, major_state=major)
    make_delivery(make_event("INC1", happened_at=now), make_subscriber("bus"), "dead")


def _numbers(home: Any) -> list[tuple[int, str]]:
    panels = [home.mine, home.tasks, home.majors]
    found = [(panel.count, panel.url) for panel in panels if panel]
    found += [(card.count, card.url) for card in home.cards]
    found += [(group.count, group.url) for group in home.load]
    if home.backlog:
        counted = [*home.backlog.ages, home.backlog.cases, home.backlog.proactive]
        found += [(each.count, each.url) for each in counted]
    return found


@pytest.mark.parametrize("preset", [preset.key for preset in PRESETS])
def test_every_number_of_a_preset_opens_a_list_of_that_many(
    preset: str, people: Any, client_as: Callable[[User], Client], busy: None
) -> None:
    keep(people.ada, Preferences(home=preset))
    browser = client_as(people.ada)
    home = browser.get("/").context["home"]
    numbers = _numbers(home)
    assert sum(number for number, _ in numbers) > 6
    for number, address in numbers:
        assert browser.get(address).context["page"].total == number, address


@pytest.mark.parametrize("preset", [preset.key for preset in PRESETS])
def test_every_preset_stays_within_its_statements(
    preset: str, people: Any, client_as: Callable[[User], Client], busy: None
) -> None:
    keep(people.ada, Preferences(home=preset))
    browser = client_as(people.ada)
    browser.get("/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/")
    assert len(captured) <= MOST_STATEMENTS


def test_the_ages_make_up_all_that_is_open(people: Any, client_as: Any, busy: None) -> None:
    keep(people.ada, Preferences(home="manager"))
    home = client_as(people.ada).get("/").context["home"]
    assert [age.count for age in home.backlog.ages] == [2, 1, 1, 2]
    assert home.backlog.share == 50


def test_an_administrator_sees_what_does_not_leave(people: Any, client_as: Any, busy: None) -> None:
    keep(people.ada, Preferences(home="admin"))
    text = client_as(people.ada).get("/").content.decode()
    assert "0 waiting · 1 dead" in text


def test_nobody_sees_a_panel_without_its_right(people: Any, client_as: Any, busy: None) -> None:
    keep(people.nadia, Preferences(home="admin"))
    home = client_as(people.nadia).get("/").context["home"]
    assert "systems" not in home.panels
    assert home.systems is None
