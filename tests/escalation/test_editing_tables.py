"""Rows are written as somebody types them, all or none."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.changes import MovedOn
from core.errors import Refused
from escalation.duties import publish_due
from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.editing import BadCells, Reader, TypedRow, replace_rows
from escalation.tables.kinds import kind_of
from escalation.tables.publishing import discard, draft_from, publish, schedule
from escalation.tables.reading import published_version, rows_of
from tests.world import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(base: None, people: People) -> TableVersion:
    current = published_version(1, POLICY)
    assert current is not None
    return draft_from(version_id=current.pk, by=people.ada)


def write(draft: TableVersion, by: Any, *typed: TypedRow, seen: int = 0) -> TableVersion:
    return replace_rows(version_id=draft.pk, seen_revision=seen, typed=typed, by=by)


GOOD = TypedRow(
    inputs={"stage": "(none)", "priority": "1-Critical, 2-High"},
    outputs={"group": "field service", "subflow": "link_failure_l3"},
    note=" Straight up ",
)


def test_what_is_typed_is_written(draft: TableVersion, people: People) -> None:
    write(draft, people.ada, GOOD)
    row = draft.rows.get()
    assert row.conditions == {"stage": ["is_empty"], "priority": ["one_of", 1, 2]}
    assert (str(row.group), row.subflow and row.subflow.key) == ("Field Service", "link_failure_l3")
    assert row.note == "Straight up"
    draft.refresh_from_db()
    assert draft.revision == 1


def test_writing_what_was_read_changes_nothing(draft: TableVersion, people: People) -> None:
    before = rows_of(draft)
    typed = Reader(kind_of(POLICY)).typed(before)
    assert typed[0].inputs == {
        "category": "SD-WAN",
        "subcategory": "Link failure",
        "stage": "(none)",
    }
    write(draft, people.ada, *typed)
    assert rows_of(draft) == before


def test_a_cell_that_cannot_be_read_leaves_everything(draft: TableVersion, people: People) -> None:
    bad = TypedRow(
        inputs={"stage": "L9", "priority": "4 to 2"},
        outputs={"group": "Nobody", "subflow": "link_failure_l3"},
    )
    with pytest.raises(BadCells) as caught:
        write(draft, people.ada, GOOD, bad)
    assert [(e.row, e.column, e.label) for e in caught.value.errors] == [
        (2, "in.stage", "Stage"),
        (2, "in.priority", "Priority"),
        (2, "out.group", "Assignment group"),
    ]
    assert caught.value.errors[2].sentence == "There is no assignment group 'Nobody'."
    assert draft.rows.count() == 20


def test_nobody_overwrites_what_they_have_not_seen(draft: TableVersion, people: People) -> None:
    write(draft, people.ada, GOOD)
    with pytest.raises(MovedOn, match="saved this draft meanwhile"):
        write(draft, people.nadia, TypedRow())
    assert draft.rows.get().note == "Straight up"


def test_a_published_version_is_not_written(draft: TableVersion, people: People) -> None:
    current = published_version(1, POLICY)
    assert current is not None
    with pytest.raises(Refused, match="copy it first"):
        write(current, people.ada, GOOD)
    with pytest.raises(Refused, match="published already"):
        discard(version_id=current.pk)
    discard(version_id=draft.pk)
    assert TableVersion.objects.count() == 1


def test_a_draft_may_lack_a_result_but_does_not_decide_so(
    draft: TableVersion, people: People, now: datetime
) -> None:
    write(draft, people.ada, TypedRow(outputs={"subflow": "link_failure_l3"}))
    with pytest.raises(Refused, match=r"Row 1 .* has no assignment group"):
        publish(version_id=draft.pk, by=people.ada, now=now)


def test_a_duplicated_row_is_a_new_row(draft: TableVersion, people: People) -> None:
    first = Reader(kind_of(POLICY)).typed(rows_of(draft)[:1])[0]
    write(draft, people.ada, first, first)
    one, two = draft.rows.order_by("position")
    assert str(one.uid) == first.key != str(two.uid)


def test_a_scheduled_draft_decides_from_its_time_on(
    draft: TableVersion, people: People, now: datetime
) -> None:
    later = now + timedelta(hours=2)
    with pytest.raises(Refused, match="still to come"):
        schedule(version_id=draft.pk, at=now, by=people.kim, now=now)
    schedule(version_id=draft.pk, at=later, by=people.kim, now=now, comment="Tonight")
    assert publish_due(now + timedelta(hours=1)) == 0
    assert publish_due(later) == 1
    current = published_version(1, POLICY)
    assert current is not None
    assert (current.pk, current.published_by, current.comment) == (
        draft.pk,
        people.kim,
        "Tonight",
    )
    assert publish_due(later) == 0


def test_a_scheduled_draft_that_went_bad_stays_a_draft(
    draft: TableVersion, people: People, now: datetime
) -> None:
    later = now + timedelta(hours=2)
    schedule(version_id=draft.pk, at=later, by=people.kim, now=now)
    write(draft, people.ada, TypedRow())
    publish_due(later)
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("draft", None)
