"""Who else has a record open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import User
from workspace.live.presence import FORGOTTEN_AFTER, GONE_AFTER
from workspace.models import Presence

pytestmark = pytest.mark.django_db


def beat(browser: Any, record: Any, **values: str) -> Any:
    return browser.post(f"/live/presence/incident/{record.number}", values)


def test_each_sees_the_other_and_not_oneself(people: Any, opened: Any, client_as: Any) -> None:
    incident = opened()
    nadia, luis = client_as(people.nadia), client_as(people.luis)
    assert beat(nadia, incident).json() == {"others": []}
    assert beat(luis, incident, typing="1").json() == {
        "others": [{"name": "nadia", "typing": False}]
    }
    assert beat(nadia, incident).json() == {"others": [{"name": "luis", "typing": True}]}
    beat(luis, incident)
    assert beat(nadia, incident).json() == {"others": [{"name": "luis", "typing": False}]}


def test_silence_and_a_farewell_mean_gone(
    people: Any, opened: Any, client_as: Any, now: datetime
) -> None:
    incident = opened()
    nadia, luis = client_as(people.nadia), client_as(people.luis)
    with time_machine.travel(now, tick=False):
        beat(luis, incident)
    with time_machine.travel(now + GONE_AFTER + timedelta(seconds=1), tick=False):
        assert beat(nadia, incident).json()["others"] == []
        beat(luis, incident)
        assert len(beat(nadia, incident).json()["others"]) == 1
        beat(luis, incident, gone="1")
        assert beat(nadia, incident).json()["others"] == []


def test_what_is_long_past_is_forgotten(
    people: Any, opened: Any, client_as: Any, now: datetime
) -> None:
    nadia = client_as(people.nadia)
    first, second = opened("First"), opened("Second")
    beat(nadia, first)
    Presence.objects.update(seen_at=now - FORGOTTEN_AFTER - timedelta(seconds=1))
    beat(nadia, second)
    assert list(Presence.objects.values_list("record_id", flat=True)) == [second.pk]


def test_a_foreign_record_looks_like_an_absent_one(
    tenants: Any, opened: Any, client_as: Any
) -> None:
    foreign = opened(by=tenants.south)
    browser = client_as(tenants.north)
    assert beat(browser, foreign).status_code == 404
    assert browser.post("/live/presence/incident/INC404").status_code == 404
    assert browser.post("/live/presence/secret/INC404").status_code == 404
    assert not Presence.objects.exists()


def test_the_kind_has_its_permission(opened: Any, client_as: Any) -> None:
    assert beat(client_as(User.objects.create_user("nobody")), opened()).status_code == 403


def test_others_are_other_records_too(people: Any, opened: Any, client_as: Any) -> None:
    here, there = opened("Here"), opened("There")
    beat(client_as(people.luis), there)
    assert beat(client_as(people.nadia), here).json()["others"] == []


def test_many_others_take_as_many_statements_as_one(
    people: Any, opened: Any, client_as: Any
) -> None:
    incident, nadia = opened(), client_as(people.nadia)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert beat(nadia, incident).json()["others"]
        return len(captured)

    beat(client_as(people.luis), incident)
    one = statements()
    for person in (people.mei, people.ivar, people.kim):
        beat(client_as(person), incident)
    assert statements() == one
