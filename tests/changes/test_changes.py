"""Change requests: who may do what, when, and what is said about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from changes.actions import add_comment, add_work_note, move_change, open_change, update_change
from changes.models import ChangeEntry, ChangeRequest
from changes.policy import MOVES
from changes.queries import recent_changes
from core.actor import SYSTEM, Actor, actor_of
from core.changes import MovedOn
from core.errors import IllegalMove, MissingField, NotAllowed, Refused
from core.models import AssignmentGroup, DomainEvent, User

pytestmark = pytest.mark.django_db
State = ChangeRequest.State


@pytest.fixture
def ready(topology: SimpleNamespace, now: datetime) -> dict[str, Any]:
    """What a change needs before customers can be told."""
    return {
        "assignment_group": AssignmentGroup.objects.get(name="L2 Network Engineering"),
        "ci": topology.controller,
        "planned_start": now + timedelta(days=1),
        "planned_end": now + timedelta(days=1, hours=2),
    }


@pytest.fixture
def make(now: datetime, ready: dict[str, Any]) -> Callable[..., ChangeRequest]:
    def make(**values: Any) -> ChangeRequest:
        return open_change(
            by=SYSTEM, now=now, short_description="Upgrade vManage", values={**ready, **values}
        )

    return make


def walk(change: ChangeRequest, now: datetime, *states: str, by: Actor = SYSTEM) -> ChangeRequest:
    for state in states:
        change = move_change(change_id=change.pk, state=state, by=by, now=now)
    return change


def names(change: ChangeRequest) -> list[str]:
    events = DomainEvent.objects.filter(
        record_type="changes.changerequest", record_id=change.pk, name__startswith="change."
    )
    return list(events.order_by("pk").values_list("name", flat=True))


def test_opening_numbers_journals_and_tells(make: Callable[..., ChangeRequest]) -> None:
    change = make()

    assert change.number.startswith("CHG")
    assert change.state == State.NEW
    assert change.journal.get().text == "Change request opened."
    assert names(change) == ["change.opened"]


def test_a_title_is_needed_and_unknown_fields_are_refused(now: datetime) -> None:
    with pytest.raises(MissingField):
        open_change(by=SYSTEM, now=now, short_description=" ")
    with pytest.raises(Refused, match="state"):
        open_change(by=SYSTEM, now=now, short_description="x", values={"state": "closed"})


def test_an_update_is_journaled_and_told(make: Callable[..., ChangeRequest], now: datetime) -> None:
    change = make()
    update_change(change_id=change.pk, values={"priority": 2}, by=SYSTEM, now=now, seen_version=1)

    entry = change.journal.get(kind=ChangeEntry.Kind.CHANGE)
    assert entry.changes == [
        {"field": "priority", "label": "Priority", "old": "4-Low", "new": "2-High"}
    ]
    assert names(change) == ["change.opened", "change.updated"]


def test_an_update_that_changes_nothing_says_nothing(
    make: Callable[..., ChangeRequest], now: datetime
) -> None:
    change = make()
    update_change(change_id=change.pk, values={"priority": 4}, by=SYSTEM, now=now)

    assert names(change) == ["change.opened"]


def test_who_saw_an_older_version_is_refused(
    make: Callable[..., ChangeRequest], now: datetime
) -> None:
    change = make()
    update_change(change_id=change.pk, values={"priority": 2}, by=SYSTEM, now=now)

    with pytest.raises(MovedOn):
        update_change(
            change_id=change.pk, values={"priority": 3}, by=SYSTEM, now=now, seen_version=1
        )


@pytest.mark.parametrize("field", ["ci", "kind"])
def test_item_and_type_are_fixed_once_the_change_left_new(
    make: Callable[..., ChangeRequest], topology: SimpleNamespace, now: datetime, field: str
) -> None:
    value = {"ci": topology.edge, "kind": "emergency"}[field]
    change = make()
    update_change(change_id=change.pk, values={field: value}, by=SYSTEM, now=now)
    original = {"ci": topology.controller, "kind": "normal"}[field]
    update_change(change_id=change.pk, values={field: original}, by=SYSTEM, now=now)
    walk(change, now, "assess")

    with pytest.raises(Refused, match="only while"):
        update_change(change_id=change.pk, values={field: value}, by=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("normal", ["assess", "authorize", "scheduled", "implement", "review"]),
        ("standard", ["scheduled", "implement", "review"]),
        ("emergency", ["authorize", "scheduled", "implement", "review"]),
    ],
)
def test_each_type_goes_its_way_to_the_end(
    make: Callable[..., ChangeRequest], now: datetime, kind: str, way: list[str]
) -> None:
    change = walk(make(kind=kind), now, *way)
    closing = {"close_code": "successful", "close_notes": "All edges are back."}
    change = move_change(change_id=change.pk, state="closed", by=SYSTEM, now=now, values=closing)

    assert (change.state, change.closed_at, change.actual_end) == (State.CLOSED, now, now)
    assert names(change).count("change.state_changed") == len(way) + 1


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("target", State.values)
def test_a_new_change_makes_no_other_move(
    make: Callable[..., ChangeRequest], now: datetime, kind: str, target: str
) -> None:
    change = make(kind=kind)
    if target in MOVES[kind]["new"]:
        assert walk(change, now, target).state == target
    else:
        with pytest.raises(IllegalMove, match="cannot move"):
            walk(change, now, target)


def test_a_change_in_review_cannot_be_canceled(
    make: Callable[..., ChangeRequest], now: datetime
) -> None:
    change = walk(make(kind="standard"), now, "scheduled", "implement", "review")

    with pytest.raises(IllegalMove):
        walk(change, now, "canceled")


@pytest.mark.parametrize("field", ["assignment_group", "planned_start", "planned_end", "ci"])
@pytest.mark.parametrize("kind", ["normal", "standard", "emergency"])
def test_customers_are_told_only_when_all_is_filled(
    make: Callable[..., ChangeRequest], now: datetime, kind: str, field: str
) -> None:
    change = make(kind=kind, **{field: None})
    before, target = {
        "normal": (["assess"], "authorize"),
        "standard": ([], "scheduled"),
        "emergency": ([], "authorize"),
    }[kind]
    walk(change, now, *before)

    with pytest.raises(MissingField) as refused:
        walk(change, now, target)
    assert refused.value.field == field


def test_closing_needs_code_and_notes(make: Callable[..., ChangeRequest], now: datetime) -> None:
    change = walk(make(kind="standard"), now, "scheduled", "implement", "review")

    with pytest.raises(MissingField, match="a close code, close notes"):
        walk(change, now, "closed")


def test_the_end_must_come_after_the_start(
    make: Callable[..., ChangeRequest], now: datetime
) -> None:
    with pytest.raises(MissingField) as refused:
        make(planned_start=now, planned_end=now)
    assert refused.value.field == "planned_end"


def test_only_a_change_manager_authorizes(
    make: Callable[..., ChangeRequest], now: datetime, make_user: Callable[..., User]
) -> None:
    mei, manager = make_user("mei"), make_user("manager")
    AssignmentGroup.objects.get(name="Change Management").members.add(manager)
    change = walk(make(), now, "assess", "authorize")

    with pytest.raises(NotAllowed):
        walk(change, now, "scheduled", by=actor_of(mei))
    assert walk(change, now, "scheduled", by=actor_of(manager)).state == State.SCHEDULED


def test_a_closed_change_stays_as_it_is(make: Callable[..., ChangeRequest], now: datetime) -> None:
    change = walk(make(), now, "canceled")

    with pytest.raises(Refused, match="stays so"):
        update_change(change_id=change.pk, values={"priority": 1}, by=SYSTEM, now=now)


def test_notes_and_comments_are_told(make: Callable[..., ChangeRequest], now: datetime) -> None:
    change = make()
    add_work_note(change_id=change.pk, text="Backup taken.", by=SYSTEM, now=now)
    add_comment(change_id=change.pk, text="We begin at 22:00.", by=SYSTEM, now=now)

    assert names(change) == ["change.opened", "change.noted", "change.noted"]
    assert [e.internal for e in change.journal.order_by("pk")] == [True, True, False]
    with pytest.raises(MissingField):
        add_work_note(change_id=change.pk, text=" ", by=SYSTEM, now=now)


def test_a_copied_entry_arrives_once(make: Callable[..., ChangeRequest], now: datetime) -> None:
    change = make()
    for _ in range(2):
        add_comment(change_id=change.pk, text="Thanks.", by=SYSTEM, now=now, origin="case:1:2")

    assert change.journal.filter(origin="case:1:2").count() == 1


def test_agents_see_changes_that_may_have_caused_the_fault(
    make: Callable[..., ChangeRequest], topology: SimpleNamespace, now: datetime
) -> None:
    def window(days: int) -> dict[str, datetime]:
        start = now + timedelta(days=days)
        return {"planned_start": start, "planned_end": start + timedelta(hours=2)}

    yesterday, week = make(**window(-1)), make(**window(-7))
    make(**window(-60))
    make(**window(3))
    make(**window(-1), ci=topology.edge)
    walk(make(**window(-2)), now, "canceled")

    assert recent_changes(ci_ids=[topology.controller.pk], now=now) == [yesterday, week]


def test_open_leaves_out_what_is_over(make: Callable[..., ChangeRequest], now: datetime) -> None:
    kept = make()
    walk(make(), now, "canceled")

    assert list(ChangeRequest.objects.open()) == [kept]
