"""S4: a decision table edited live, rolled back, and replaced by the document's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.errors import Refused
from core.models import Role, User
from escalation.actions import escalate
from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.reading import published_version
from incidents.actions import open_incident
from incidents.models import Incident
from tests.workspace.decision_tables.pages import at, form_of
from tests.world import People
from workspace.configuration.base import load_base

pytestmark = pytest.mark.django_db


class Shift:
    """Opens incidents and sends them up, as the network's people would."""

    def __init__(self, people: People, now: datetime, work: Callable[[], None]) -> None:
        self.people, self.now, self.work = people, now, work

    def open(self, subcategory: str, level: int = 3) -> Incident:
        values = {
            "category": "sd_wan",
            "subcategory": subcategory,
            "impact": level,
            "urgency": level,
        }
        made = open_incident(
            by=actor_of(self.people.nadia), now=self.now, short_description="Down", values=values
        )
        self.work()
        made.refresh_from_db()
        return made

    def up(self, incident: Incident) -> Incident:
        members = incident.assignment_group.members.all() if incident.assignment_group else []
        escalate(
            incident_id=incident.pk,
            seen_stage=incident.stage,
            notes="Power is fine",
            by=actor_of(next(iter(members))),
            now=self.now,
        )
        self.work()
        incident.refresh_from_db()
        return incident


@pytest.fixture
def shift(people: People, now: datetime, work: Callable[[], None]) -> Shift:
    return Shift(people, now, work)


@pytest.fixture
def author(people: People, make_user: Any, client_as: Any) -> Client:
    user = make_user("arthur")
    user.groups.add(Role.objects.get(name="decision_rule_author"))
    return client_as(User.objects.get(pk=user.pk))  # type: ignore[no-any-return]


def current() -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


def newest() -> TableVersion:
    return TableVersion.objects.latest("pk")


def test_an_author_adds_a_shortcut_and_takes_it_back(author: Client, shift: Shift) -> None:
    first = current()
    tried = shift.up(shift.open("link_failure", 1))
    assert tried.stage == "l1"
    author.post(at(first, "copy"))
    draft = newest()
    fields = form_of(author, draft)
    added = {
        "in.category": "SD-WAN",
        "in.subcategory": "Link failure",
        "in.stage": "L1 investigation",
        "in.priority": "1-Critical",
        "out.group": "L3 Network Engineering",
        "out.subflow": "Network Initiated Link Failure - L3",
        "note": "P1 goes straight up",
        "key": "",
    }
    for name, text in added.items():
        fields[name].insert(0, text)
    assert author.post(at(draft), fields).status_code == 303
    tested = author.get(at(draft, "test/"), {"incident": tried.number}).content.decode()
    assert "Row 1 answers" in tested
    assert "L3 Network Engineering" in tested
    author.post(at(draft, "publish"), {"comment": "P1 jumps to L3"})

    assert shift.up(tried).stage == "l3"
    assert shift.up(shift.up(shift.open("link_failure", 3))).stage == "l2"

    author.post(at(first, "copy"))
    author.post(at(newest(), "publish"), {"comment": "Back to version 1"})
    assert shift.up(shift.up(shift.open("link_failure", 1))).stage == "l2"


def test_the_document_s_own_rows_are_told_and_behave_as_documented(
    author: Client, shift: Shift, now: datetime
) -> None:
    load_base(now=now, as_documented=True)
    documented = TableVersion.objects.get(table__key=f"{POLICY}_as_documented")
    page = author.get(at(documented)).content.decode()
    assert "Link failure goes in circles" in page
    assert "Software failure goes in circles" in page
    assert "Row 12 never answers: row 1 does before it." in page
    assert page.count("is never reached") == 2
    assert 'No row answers <span class="badge">7</span>' in page
    author.post(at(documented, "copy-to-deciding"))
    author.post(at(newest(), "publish"), {"comment": "As documented"})

    back = shift.up(shift.up(shift.open("link_failure")))
    assert (back.stage, str(back.assignment_group)) == ("triage", "Network Coordinators")
    stuck = shift.open("soft_wan_link_failure")
    with pytest.raises(Refused, match="No matching rule for soft_wan_link_failure in Triage"):
        shift.up(stuck)
    stuck.refresh_from_db()
    assert stuck.stage == "triage"
