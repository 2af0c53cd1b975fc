"""Two people in one form: what only one changed is kept, what both changed is asked for."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from incidents.actions import update_incident
from incidents.models import Incident

pytestmark = pytest.mark.django_db
INPUT = re.compile(r'<input type="hidden" name="(initial-\w+|version)"(?: value="([^"]*)")?', re.S)


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("Edge down", subcategory="device_failure", ci=topology.controller)


@pytest.fixture
def change(incident: Incident, people: Any, now: Any) -> Callable[..., None]:
    """Let Luis change fields meanwhile."""

    def make(**values: Any) -> None:
        luis = actor_of(people.luis)
        update_incident(incident_id=incident.pk, values=values, by=luis, now=now)

    return make


def url_of(incident: Incident) -> str:
    return f"/incidents/{incident.number}/details/"


def shown(answer: Any) -> dict[str, Any]:
    """Return what a browser would send back of the page as it is."""
    hidden = {name: unescape(value) for name, value in INPUT.findall(answer.content.decode())}
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | hidden


def test_the_page_remembers_what_it_showed(nadia: Client, incident: Incident) -> None:
    data = shown(nadia.get(url_of(incident)))
    assert data["initial-short_description"] == "Edge down"
    assert data["initial-urgency"] == str(incident.urgency)
    assert data["version"] == str(incident.version)


def test_what_only_one_of_them_changed_is_kept(
    nadia: Client, incident: Incident, change: Callable[..., None]
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(urgency=1)
    answer = nadia.post(url_of(incident), {**data, "description": "Mine."}, follow=True)
    assert "Kept what others changed: Urgency." in answer.content.decode()
    incident.refresh_from_db()
    assert (incident.urgency, incident.description) == (1, "Mine.")


def test_what_both_changed_is_asked_and_nothing_is_lost(
    nadia: Client, incident: Incident, change: Callable[..., None]
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(description="Theirs.", urgency=1)
    mine = {**data, "description": "Mine.", "business_impact": "Big."}
    asked = nadia.post(url_of(incident), mine)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Theirs." in page
    assert "Mine." in page
    assert "luis" in page
    assert page.count("Keep mine") == page.count("Take theirs") == 1
    incident.refresh_from_db()
    assert (incident.description, incident.business_impact) == ("Theirs.", "")
    again = shown(asked)
    assert (again["description"], again["urgency"]) == ("Mine.", "1")


@pytest.mark.parametrize(("pick", "holds"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_the_pick_holds_per_field(
    nadia: Client, incident: Incident, change: Callable[..., None], pick: str, holds: str
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(description="Theirs.", short_description="Theirs too")
    mine = {**data, "description": "Mine.", "short_description": "Mine too"}
    asked = nadia.post(url_of(incident), mine)
    picks = {"pick-description": pick, "pick-short_description": "mine"}
    assert nadia.post(url_of(incident), {**shown(asked), **picks}).status_code == 303
    incident.refresh_from_db()
    assert (incident.description, incident.short_description) == (holds, "Mine too")


def test_a_third_change_while_picking_is_asked_again(
    nadia: Client, incident: Incident, change: Callable[..., None]
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(description="Second.")
    asked = nadia.post(url_of(incident), {**data, "description": "Mine."})
    change(description="Third.")
    again = nadia.post(url_of(incident), {**shown(asked), "pick-description": "mine"})
    assert again.status_code == 422
    assert "Third." in again.content.decode()
    incident.refresh_from_db()
    assert incident.description == "Third."


def test_the_same_change_by_both_is_no_conflict(
    nadia: Client, incident: Incident, change: Callable[..., None]
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(description="The same.")
    assert nadia.post(url_of(incident), {**data, "description": "The same."}).status_code == 303


def test_a_conflict_over_records_shows_their_names(
    nadia: Client, incident: Incident, groups: Any, people: Any, change: Callable[..., None]
) -> None:
    data = shown(nadia.get(url_of(incident)))
    change(assigned_to=people.nadia)
    data["assignment_group"] = groups.l1.pk
    data["assigned_to"] = people.luis.pk
    asked = nadia.post(url_of(incident), data)
    assert asked.status_code == 422
    assert asked.context["form"]["assigned_to"].conflict.value == "nadia"
    assert not hasattr(asked.context["form"]["assignment_group"], "conflict")


def test_faults_are_summed_up_and_stand_at_their_fields(nadia: Client, incident: Incident) -> None:
    data = shown(nadia.get(url_of(incident)))
    answer = nadia.post(url_of(incident), {**data, "short_description": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "data-form-errors" in page
    assert '<a href="#id_short_description">' in page
    assert 'aria-describedby="id_short_description_helptext id_short_description_error"' in page


def test_a_sub_category_of_another_category_is_refused(nadia: Client, incident: Incident) -> None:
    data = shown(nadia.get(url_of(incident)))
    answer = nadia.post(url_of(incident), {**data, "category": "", "description": "x"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["subcategory"]
