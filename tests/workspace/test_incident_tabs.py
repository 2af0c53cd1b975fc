"""Investigate, Tasks and History of an incident."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import KnowledgeArticle
from changes.models import ChangeRequest
from core.actor import actor_of
from incidents import actions
from incidents.likeness import likeness
from incidents.models import Incident
from workspace.records.assist import investigate

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("vManage does not restart", subcategory="software_failure", ci=topology.controller)


def test_changes_on_the_item_come_before_those_on_its_neighbours(
    incident: Incident, topology: Any, now: datetime
) -> None:
    for number, ci, days in (
        ("CHG1", topology.controller, 5),
        ("CHG2", topology.edge, 1),
        ("CHG3", topology.lonely_item, 1),
        ("CHG4", topology.controller, 40),
    ):
        at = now - timedelta(days=days)
        ChangeRequest.objects.create(number=number, ci=ci, opened_at=at)
    found = investigate(incident, now).changes
    assert [(c.number, why) for c, why in found] == [
        ("CHG1", "same item"),
        ("CHG2", "neighbour vEdge_21"),
    ]


def test_alike_incidents_are_found_by_item_and_by_words(
    incident: Incident, topology: Any, now: datetime
) -> None:
    same_item = Incident.objects.create(
        number="A", short_description="Something else", ci=topology.controller
    )
    alike = Incident.objects.create(number="B", short_description="vManage did not restart")
    Incident.objects.create(number="C", short_description="Printer jam")
    found = investigate(incident, now).similar
    assert [each.incident for each in found] == [same_item, alike]
    assert found[0].why == "same item"


@pytest.mark.parametrize(("one", "other", "is_alike"), [("a b", "b a", 1), ("abc", "xyz", 0)])
def test_likeness_is_between_none_and_all(one: str, other: str, is_alike: int) -> None:
    assert likeness(one, other) == is_alike
    assert likeness("", "") == 0


def test_knowledge_is_found_by_words_and_only_published(
    incident: Incident, nadia: Any, now: datetime
) -> None:
    KnowledgeArticle.objects.create(number="KB1", title="Restart of vManage", body="Wait.")
    KnowledgeArticle.objects.create(number="KB2", title="vManage draft", body="", published=False)
    assert [a.number for a in investigate(incident, now).articles] == ["KB1"]
    page = nadia.get(f"/incidents/{incident.number}/investigate/").content.decode()
    assert "Restart of vManage" in page


def test_a_similar_incident_is_linked_as_duplicate_or_related(
    incident: Incident, nadia: Any, topology: Any
) -> None:
    other = Incident.objects.create(number="A", short_description="Other", ci=topology.controller)
    url = f"/incidents/{incident.number}/"
    assert f"{url}link-duplicate/{other.pk}" in nadia.get(f"{url}investigate/").content.decode()
    assert nadia.post(f"{url}link-related/{other.pk}").status_code == 303
    assert nadia.post(f"{url}link-duplicate/{other.pk}").status_code == 303
    incident.refresh_from_db()
    assert incident.parent == other
    assert incident.related_incidents.get() == other
    related = nadia.get(f"{url}related/").content.decode()
    assert "Related incidents" in related
    back = nadia.post(f"/incidents/A/link-duplicate/{incident.pk}", follow=True)
    assert "itself below this incident" in back.content.decode()
    assert nadia.post(f"{url}link-duplicate/999999").status_code == 404


def test_the_tasks_tab_shows_states(incident: Incident, nadia: Any) -> None:
    page = nadia.get(f"/incidents/{incident.number}/tasks/").content.decode()
    assert incident.tasks.get().number in page
    assert "Work in Progress" in page


def test_history_says_who_changed_what_and_narrows_to_a_field(
    incident: Incident, nadia: Any, people: Any, now: datetime
) -> None:
    actions.update_incident(
        incident_id=incident.pk,
        values={"description": "=cmd()", "business_impact": "All of Berlin"},
        by=actor_of(people.nadia),
        now=now,
    )
    url = f"/incidents/{incident.number}/history/"
    page = nadia.get(url).content.decode()
    assert "All of Berlin" in page
    assert "=cmd()" in page
    narrowed = nadia.get(f"{url}?field=business_impact").context["history"].rows
    assert [(c.old, c.new) for c in narrowed] == [("", "All of Berlin")]


def test_the_sheet_holds_all_changes_and_no_formula(
    incident: Incident, nadia: Any, people: Any, now: datetime
) -> None:
    for text in ("=cmd()", "second"):
        actions.update_incident(
            incident_id=incident.pk,
            values={"description": text},
            by=actor_of(people.nadia),
            now=now,
        )
    answer = nadia.get(f"/incidents/{incident.number}/history/?format=csv&field=description")
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert [row[4:6] for row in rows[1:]] == [["'=cmd()", "second"], ["", "'=cmd()"]]
    assert rows[1][1] == "nadia"


def test_history_pages_leave_nothing_out(
    incident: Incident, nadia: Any, people: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workspace.records.history.PAGE", 2)
    for n in range(3):
        actions.update_incident(
            incident_id=incident.pk,
            values={"business_impact": f"text {n}"},
            by=actor_of(people.nadia),
            now=now,
        )
    url = f"/incidents/{incident.number}/history/"
    first = nadia.get(url).context["history"]
    rest = nadia.get(f"{url}?before={first.more}").context["history"]
    shown = [c.new for c in [*first.rows, *rest.rows] if c.label == "Business impact"]
    assert shown == ["text 2", "text 1", "text 0"]
