"""Changing fields says in words what changed."""

from collections.abc import Callable
from datetime import datetime

import pytest

from changes.models import ChangeRequest
from core.changes import MovedOn, change_fields, check_version
from core.models import AssignmentGroup, User

pytestmark = pytest.mark.django_db


def test_only_what_differs_is_reported(record: ChangeRequest, now: datetime) -> None:
    changes = change_fields(record, {"priority": 1, "short_description": "Upgrade"}, now=now)

    assert changes == [
        {"field": "priority", "label": "Priority", "old": "4-Low", "new": "1-Critical"}
    ]
    record.refresh_from_db()
    assert (record.version, record.updated_at) == (2, now)


def test_nothing_new_is_no_new_version(record: ChangeRequest, now: datetime) -> None:
    assert change_fields(record, {"priority": record.priority}, now=now) == []
    assert record.version == 1


def test_a_new_group_clears_the_assignee(
    record: ChangeRequest,
    now: datetime,
    make_user: Callable[..., User],
    team: Callable[..., AssignmentGroup],
) -> None:
    luis, mei = make_user("luis"), make_user("mei")
    l1, l2 = team("L1", luis), team("L2", mei)
    change_fields(record, {"assignment_group": l1, "assigned_to": luis}, now=now)
    changes = change_fields(record, {"assignment_group": l2}, now=now)

    assert record.assigned_to is None
    assert [(c["field"], c["old"], c["new"]) for c in changes] == [
        ("assignment_group", "L1", "L2"),
        ("assigned_to", "luis", ""),
    ]


def test_a_new_group_with_an_assignee_keeps_the_assignee(
    record: ChangeRequest,
    now: datetime,
    make_user: Callable[..., User],
    team: Callable[..., AssignmentGroup],
) -> None:
    mei = make_user("mei")
    change_fields(record, {"assignment_group": team("L2", mei), "assigned_to": mei}, now=now)

    assert record.assigned_to == mei


def test_an_older_version_has_moved_on(record: ChangeRequest) -> None:
    check_version(record, None)
    check_version(record, 1)
    with pytest.raises(MovedOn, match=record.number):
        check_version(record, 7)
