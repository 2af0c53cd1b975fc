"""The activity stream: filters with counts, days, order, older entries."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.models import Incident, IncidentEntry
from workspace.records.stream import PAGE, asked_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(base: None) -> Incident:
    return Incident.objects.create(number="INC1", short_description="Edge down")


def _write(incident: Incident, at: datetime, kind: str = "work_note", **more: Any) -> IncidentEntry:
    return IncidentEntry.objects.create(
        incident=incident, created_at=at, kind=kind, actor_kind="person", actor_name="Ana", **more
    )


def test_filters_count_all_entries_not_those_of_the_page(incident: Incident, now: datetime) -> None:
    for _ in range(PAGE + 2):
        _write(incident, now)
    _write(incident, now, "comment")
    stream = asked_stream(incident.journal, {"stream": "customer"})
    assert {f.key: f.count for f in stream.filters} == {
        "all": PAGE + 3,
        "notes": PAGE + 2,
        "customer": 1,
        "system": 0,
        "changes": 0,
    }
    assert len(stream.acts) == 1


def test_pages_leave_nothing_out_in_either_order(incident: Incident, now: datetime) -> None:
    made = [_write(incident, now).pk for _ in range(PAGE + 5)]
    for order, expected in (("", made[::-1]), ("oldest", made)):
        first = asked_stream(incident.journal, {"order": order})
        rest = asked_stream(incident.journal, {"order": order, "before": str(first.more)})
        assert [act.first.pk for act in [*first.acts, *rest.acts]] == expected
        assert rest.more is None


def test_entries_are_grouped_by_day(incident: Incident, now: datetime) -> None:
    for days in (2, 2, 0):
        _write(incident, now - timedelta(days=days))
    days = asked_stream(incident.journal, {}).days
    assert [len(acts) for _, acts in days] == [1, 2]


def test_one_act_is_one_line_that_says_what_happened(incident: Incident, now: datetime) -> None:
    stage = {"field": "stage", "label": "Stage", "old": "Triage", "new": "L2 investigation"}
    group = {"field": "assignment_group", "label": "Group", "old": "a", "new": "b"}
    _write(incident, now, "change", act="x", changes=[stage])
    _write(incident, now, "change", act="x", changes=[group])
    _write(incident, now, "system", act="x", text="Impact refreshed.")
    (act,) = asked_stream(incident.journal, {}).acts
    assert act.summary == "Escalated to L2 investigation: 3 changes"


def test_a_stage_narrows_the_stream_and_nonsense_does_not(
    incident: Incident, now: datetime
) -> None:
    _write(incident, now, stage="triage")
    _write(incident, now, stage="l1")
    assert len(asked_stream(incident.journal, {"of": "l1"}).acts) == 1
    nonsense = {"of": "moon", "stream": "moon", "before": "moon", "order": "moon"}
    assert len(asked_stream(incident.journal, nonsense).acts) == 2
