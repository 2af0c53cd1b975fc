"""Change hints: what is told, to whom, and that nothing is told twice or lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions import open_case, update_case
from core.actor import actor_of
from core.models import DomainEvent, User
from incidents.actions import add_work_note, resolve_incident, update_incident
from workspace.live import log
from workspace.live.hints import MOST_CASES
from workspace.live.log import newest_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def agents(people: Any) -> tuple[User, User]:
    return people.nadia, people.luis


def test_a_change_is_told_with_its_fields_and_who_made_it(
    agents: Any, opened: Any, changes: Any, now: datetime
) -> None:
    nadia, luis = agents
    incident = opened()
    before = newest_id()
    update_incident(incident_id=incident.pk, values={"urgency": 1}, by=actor_of(luis), now=now)
    answer = changes(nadia, before)
    news = [hint for hint in answer["changes"] if hint["event"] > before]
    assert [(n["type"], n["id"], n["number"], n["by"], n["mine"]) for n in news] == [
        ("incident", incident.pk, incident.number, "luis", False)
    ]
    incident.refresh_from_db()
    assert news[0]["version"] == incident.version
    assert "urgency" in news[0]["fields"]
    assert news[0]["words"].startswith("luis changed ")
    assert news[0]["at"] == now.isoformat()
    assert answer["last"] == newest_id()


def test_a_move_is_told_in_words(agents: Any, opened: Any, changes: Any, now: datetime) -> None:
    nadia, luis = agents
    incident = opened()
    resolve_incident(
        incident_id=incident.pk, code="solved", notes="Done.", by=actor_of(luis), now=now
    )
    words = [hint["words"] for hint in changes(nadia)["changes"]]
    assert "luis changed State New → Resolved" in words


def test_my_own_changes_are_marked(agents: Any, opened: Any, changes: Any) -> None:
    nadia, _ = agents
    opened(by=nadia)
    first, *_ = changes(nadia)["changes"]
    assert (first["opened"], first["mine"]) == (True, True)


def test_a_long_text_is_named_and_not_repeated(
    agents: Any, opened: Any, changes: Any, now: datetime
) -> None:
    nadia, luis = agents
    values = {"description": "secret " * 20}
    update_incident(incident_id=opened().pk, values=values, by=actor_of(luis), now=now)
    told = [hint["words"] for hint in changes(nadia)["changes"] if hint["fields"]]
    assert told == ["luis changed Description"]


def test_what_committed_behind_the_last_id_is_still_told(
    agents: Any, opened: Any, changes: Any
) -> None:
    """Two transactions: the later id was read first."""
    nadia, _ = agents
    late, read = opened("Late"), opened("Read")
    assert late.number in {hint["number"] for hint in changes(nadia, newest_id())["changes"]}
    assert read.pk != late.pk


def test_what_is_long_past_is_not_told_again(
    agents: Any, opened: Any, changes: Any, now: datetime
) -> None:
    nadia, _ = agents
    opened()
    DomainEvent.objects.update(happened_at=now - log.LATE - timedelta(seconds=1))
    assert changes(nadia, newest_id())["changes"] == []


def test_too_much_asks_for_a_fresh_page(
    agents: Any, opened: Any, changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "CAP", 2)
    nadia, _ = agents
    for n in range(3):
        opened(f"Fault {n}")
    answer = changes(nadia)
    assert (answer["refresh"], answer["changes"]) == (True, [])
    assert answer["last"] == newest_id()
    assert changes(nadia, newest_id() - 1)["refresh"] is False


def test_an_id_of_the_future_asks_for_a_fresh_page(agents: Any, changes: Any) -> None:
    assert changes(agents[0], newest_id() + 5)["refresh"] is True


NONSENSE = ("", "after=-1", "after=x", "since=soon", "since=2026-01-01", f"after={'9' * 30}")


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_refused(agents: Any, client_as: Any, query: str) -> None:
    assert client_as(agents[0]).get(f"/live/changes?{query}").status_code == 400


def test_a_fresh_page_asks_since_it_was_made(
    agents: Any, opened: Any, client_as: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    nadia, _ = agents
    browser = client_as(nadia)
    old, late, new = opened("Old"), opened("Late"), opened("New")
    for incident, age in ((old, log.LATE + timedelta(seconds=5)), (late, timedelta(seconds=5))):
        DomainEvent.objects.filter(record_id=incident.pk).update(happened_at=now - age)
    answer = browser.get("/live/changes", {"since": now.isoformat()}).json()
    assert {hint["number"] for hint in answer["changes"]} == {late.number, new.number}
    assert answer["last"] == newest_id()
    # What was there before the page does not count against the cap.
    monkeypatch.setattr(log, "CAP", 1)
    for ago, refresh in ((timedelta(), False), (timedelta(minutes=1), True)):
        answer = browser.get("/live/changes", {"since": (now - ago).isoformat()}).json()
        assert answer["refresh"] is refresh


def test_a_tenant_hears_nothing_of_another(tenants: Any, opened: Any, changes: Any) -> None:
    mine, other = opened("Ours", by=tenants.north), opened("Theirs", by=tenants.south)
    told = {hint["number"] for hint in changes(tenants.north)["changes"]}
    assert mine.number in told
    assert other.number not in told
    assert {h["number"] for h in changes(tenants.south)["changes"]} == {other.number}


def test_a_record_that_moved_to_another_tenant_is_not_told_to_the_first(
    tenants: Any, opened: Any, changes: Any
) -> None:
    incident = opened(by=tenants.north)
    incident.domain = tenants.south.domain
    incident.save(update_fields=["domain"])
    assert changes(tenants.north)["changes"] == []
    assert changes(tenants.south)["changes"] == []


def test_without_the_right_to_see_nothing_is_told(opened: Any, changes: Any) -> None:
    opened()
    assert changes(User.objects.create_user("nobody"))["changes"] == []


def test_a_case_is_told_with_its_incident_only_to_who_may_see_it(
    agents: Any, tenants: Any, opened: Any, changes: Any, now: datetime
) -> None:
    """A tenant's case may hang on an incident of the provider."""
    nadia, _ = agents
    incident = opened()
    case = open_case(
        by=actor_of(nadia),
        now=now,
        short_description="No internet",
        incident_id=incident.pk,
        domain_id=tenants.north.domain_id,
    )
    update_case(case_id=case.pk, values={"priority": 1}, by=actor_of(nadia), now=now)
    provider = [h for h in changes(nadia)["changes"] if h["type"] == "case"]
    tenant = changes(tenants.north)["changes"]
    assert {h["of"] for h in provider} == {incident.pk}
    assert {(h["type"], h["of"]) for h in tenant} == {("case", None)}


def test_an_act_on_cases_is_told_of_each_case_or_of_many(
    agents: Any, opened: Any, changes: Any, now: datetime
) -> None:
    nadia, _ = agents
    incident = opened()
    case = open_case(by=actor_of(nadia), now=now, short_description="Down")
    few, many = [case.pk], [case.pk] * (MOST_CASES + 1)
    for ids in (few, many):
        event = DomainEvent.objects.create(
            name="cases.updated",
            record_type="incidents.incident",
            record_id=incident.pk,
            domain_id=incident.domain_id,
            payload={"case_ids": ids},
            happened_at=now,
        )
        told = [h for h in changes(nadia)["changes"] if h["event"] == event.pk]
        assert [(h["type"], h["id"]) for h in told] == [
            ("incident", incident.pk),
            ("case", case.pk if ids is few else None),
        ]


def test_an_unchanged_answer_is_not_sent_twice(agents: Any, opened: Any, client_as: Any) -> None:
    nadia, luis = agents
    opened()
    browser: Client = client_as(nadia)
    first = browser.get("/live/changes?after=0")
    assert first["Cache-Control"] == "private, no-cache"
    second = browser.get("/live/changes?after=0", headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    opened(by=luis)
    third = browser.get("/live/changes?after=0", headers={"if-none-match": first["ETag"]})
    assert third.status_code == 200


def test_many_events_take_as_many_statements_as_one(
    agents: Any, opened: Any, client_as: Any, now: datetime
) -> None:
    nadia, _ = agents
    browser = client_as(nadia)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/live/changes?after=0").json()["changes"]
        return len(captured)

    incident = opened()
    one = statements()
    for _ in range(5):
        opened()
        add_work_note(incident_id=incident.pk, text="Look", by=actor_of(nadia), now=now)
    assert statements() == one
