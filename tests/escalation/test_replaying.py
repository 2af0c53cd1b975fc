"""A replay decides past decisions again, as production would."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actor import actor_of
from core.models import AssignmentGroup, JobItem
from escalation.actions import escalate
from escalation.decision import NoRowFits
from escalation.models import Run, TableVersion
from escalation.models.tables import POLICY
from escalation.queries import decide_for
from escalation.tables.kinds import kind_of
from escalation.tables.publishing import draft_from
from escalation.tables.reading import published_version
from escalation.tables.replaying import (
    Past,
    hits_of,
    past_keys,
    past_of,
    replay,
    start_replay,
)
from incidents.actions import open_incident
from incidents.models import Incident
from tests.world import People

pytestmark = pytest.mark.django_db
KIND = kind_of(POLICY)


@pytest.fixture
def current(base: None) -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


@pytest.fixture
def incidents(current: TableVersion, people: People, now: datetime, work: Any) -> list[Incident]:
    opened = [
        open_incident(
            by=actor_of(people.nadia),
            now=now,
            short_description="Down",
            values={"category": "sd_wan", "subcategory": f"{kind}_failure"},
        )
        for kind in ("link", "device", "link")
    ]
    work()
    escalate(
        incident_id=opened[0].pk,
        seen_stage="triage",
        notes="x",
        by=actor_of(people.nadia),
        now=now,
    )
    work()
    return opened


def past(**asked: Any) -> list[Past]:
    return past_of(KIND, past_keys(KIND, **asked))


def test_the_published_version_decides_as_it_did(
    current: TableVersion, incidents: list[Incident]
) -> None:
    done = replay(current, past(last=10))
    assert done.sentence() == "4 evaluated, 4 same, 0 differ"
    for outcome in done.outcomes:
        assert outcome.row is not None
        run = outcome.past.run
        assert run is not None
        assert outcome.row.position == run.plan["decision"]["row"]
    assert done.hits == {1: 2, 2: 1, 5: 1}


def test_a_draft_shows_what_would_go_elsewhere(
    current: TableVersion, incidents: list[Incident], people: People
) -> None:
    draft = draft_from(version_id=current.pk)
    field = AssignmentGroup.objects.get(name="Field Service")
    draft.rows.filter(position=1).update(group=field)
    draft.rows.filter(position=2).delete()
    done = replay(draft, past(last=10))
    assert done.sentence() == "4 evaluated, 1 same, 3 differ"
    told = {outcome.sentence() for outcome in done.differing}
    assert (
        "No row answers; then: L1 Network Engineering, Network Initiated Link Failure - L1." in told
    )
    assert Run.objects.count() == 4


def test_the_last_incidents_or_some_days_are_chosen(
    current: TableVersion, incidents: list[Incident], now: datetime
) -> None:
    today = now.date()
    assert {each.incident.pk for each in past(last=1)} == {incidents[2].pk}
    assert len(past(since=today - timedelta(days=1), until=today + timedelta(days=1))) == 4
    assert past(since=today + timedelta(days=2)) == []
    assert past(until=today - timedelta(days=2)) == []


def test_an_incident_no_table_decided_about_counts_once_as_if_it_were_new(
    current: TableVersion, incidents: list[Incident]
) -> None:
    old = Incident.objects.create(
        number="OLD1", category="sd_wan", subcategory="device_failure", stage="l2"
    )
    (alone,) = past(last=1)
    assert (alone.incident, alone.run, alone.inputs["stage"]) == (old, None, "")
    draft = draft_from(version_id=current.pk)
    draft.rows.filter(position=5).delete()
    done = replay(draft, [alone])
    assert done.outcomes[0].sentence() == (
        "No row answers; what decides now: Network Coordinators, "
        "Network Initiated Device Failure - Triage."
    )
    assert replay(current, past(last=10)).sentence() == "5 evaluated, 5 same, 0 differ"


def test_an_input_nobody_looked_at_then_is_read_now(
    current: TableVersion, incidents: list[Incident]
) -> None:
    draft = draft_from(version_id=current.pk)
    row = draft.rows.get(position=1)
    row.conditions = {**row.conditions, "impact": ["is", 1]}
    row.save()
    assert len(replay(draft, past(last=10)).differing) == 2
    Incident.objects.filter(pk=incidents[0].pk).update(impact=1)
    assert len(replay(draft, past(last=10)).differing) == 1


def test_many_are_replayed_by_a_job_that_names_those_that_differ(
    current: TableVersion, incidents: list[Incident], people: People, now: datetime, work: Any
) -> None:
    draft = draft_from(version_id=current.pk)
    draft.rows.filter(position=2).delete()
    keys = past_keys(KIND, last=10)
    job = start_replay(version=draft, keys=keys, by=actor_of(people.ada), now=now)
    work()
    job.refresh_from_db()
    assert (job.created, job.skipped, job.failed) == (3, 1, 0)
    item = JobItem.objects.get(job=job, outcome="skipped")
    assert item.reason.startswith("No row answers; then: L1")
    assert item.record == f"incident:{incidents[0].number}"


def test_hits_are_counted_by_row_whatever_the_version(
    current: TableVersion, incidents: list[Incident], now: datetime
) -> None:
    draft = draft_from(version_id=current.pk)
    hits = hits_of(current.table, now)
    by_position = {row.position: hits.get(str(row.uid), 0) for row in draft.rows.all()}
    assert [by_position[n] for n in (1, 2, 3, 5)] == [2, 1, 0, 1]
    assert hits_of(current.table, now + timedelta(days=91)) == {}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    subcategory=st.sampled_from(["link_failure", "device_failure", "software_failure", "other"]),
    stage=st.sampled_from(["", "triage", "l1", "l2", "l3", "resolution"]),
    priority=st.integers(1, 5),
)
def test_a_replay_equals_production_on_identical_inputs(
    current: TableVersion, subcategory: str, stage: str, priority: int
) -> None:
    incident = Incident(
        category="sd_wan", subcategory=subcategory, stage=stage, priority=priority, domain_id=1
    )
    try:
        decided = decide_for(incident)
    except NoRowFits:
        inputs, then = KIND.read(incident), {}
        row = None
    else:
        inputs = decided.trace["inputs"]
        then = {"group": decided.group, "subflow": decided.subflow.name}
        row = decided.trace["row"]
    (outcome,) = replay(current, [Past(incident, Run(), inputs, then)]).outcomes
    assert (outcome.row.position if outcome.row else None) == row
    assert dict(outcome.now) == then
