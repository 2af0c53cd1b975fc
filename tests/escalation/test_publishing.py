"""Versions of a decision table: draft, publish, restore (R65)."""

from typing import Any

import pytest

from core.actor import actor_of
from core.models import AssignmentGroup
from escalation.models import DecisionRow, TableVersion
from escalation.models.tables import POLICY
from escalation.queries import preview
from escalation.tables.publishing import draft_from, publish
from escalation.tables.reading import published_version
from incidents.actions import open_incident
from incidents.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def current(base: None) -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


def test_a_published_draft_decides_the_next_escalation_and_the_old_one_comes_back(
    current: TableVersion, people: Any, now: Any, work: Any
) -> None:
    incident = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Link",
        values={"category": "sd_wan", "subcategory": "link_failure"},
    )
    work()
    incident.refresh_from_db()
    assert preview(incident).group == "L1 Network Engineering"

    draft = draft_from(version_id=current.pk)
    field = AssignmentGroup.objects.get(name="Field Service")
    draft.rows.filter(
        conditions__subcategory=["is", "link_failure"], conditions__stage=["is", "triage"]
    ).update(group=field)
    assert preview(incident).group == "L1 Network Engineering"
    publish(version_id=draft.pk, by=people.ada, now=now)
    assert preview(incident).group == "Field Service"
    assert "Hand over to Field Service" in preview(incident).steps_in_words
    assert preview(incident).table_version == 2

    restored = draft_from(version_id=current.pk)
    publish(version_id=restored.pk, by=people.ada, now=now)
    assert preview(incident).group == "L1 Network Engineering"
    assert TableVersion.objects.filter(state="published").count() == 1


def test_an_empty_draft_cannot_be_published(current: TableVersion, people: Any, now: Any) -> None:
    empty = TableVersion.objects.create(table=current.table, number=9)
    with pytest.raises(Refused, match="no rows"):
        publish(version_id=empty.pk, by=people.ada, now=now)
    current.refresh_from_db()
    assert current.state == "published"


def test_a_row_for_some_priorities_jumps_a_level(
    current: TableVersion, people: Any, now: Any, work: Any
) -> None:
    draft = draft_from(version_id=current.pk)
    l3 = DecisionRow.objects.get(
        version=draft,
        conditions__subcategory=["is", "link_failure"],
        conditions__stage=["is", "l2"],
    )
    DecisionRow.objects.create(
        version=draft,
        position=0,
        conditions={
            "category": ["is", "sd_wan"],
            "subcategory": ["is", "link_failure"],
            "stage": ["is", "triage"],
            "priority": ["is", 1],
        },
        group=l3.group,
        subflow=l3.subflow,
    )
    publish(version_id=draft.pk, by=people.ada, now=now)
    groups = []
    for level in (1, 3):
        incident = open_incident(
            by=actor_of(people.nadia),
            now=now,
            short_description="Link",
            values={
                "category": "sd_wan",
                "subcategory": "link_failure",
                "impact": level,
                "urgency": level,
            },
        )
        work()
        incident.refresh_from_db()
        groups.append(preview(incident).group)
    assert groups == ["L3 Network Engineering", "L1 Network Engineering"]
