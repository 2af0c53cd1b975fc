"""Versions are compared row by row."""

from hypothesis import given
from hypothesis import strategies as st

from escalation.decision import Condition, Row
from escalation.decision.comparing import compare


def rows(*keys: str, note: str = "") -> list[Row]:
    return [Row(n, key=key, note=note) for n, key in enumerate(keys, start=1)]


def kinds(before: list[Row], after: list[Row]) -> list[str]:
    return [f"{(d.after or d.before).key}:{d.kind}" for d in compare(before, after)]  # type: ignore[union-attr]


def test_added_and_removed_rows_stand_where_they_belong() -> None:
    assert kinds(rows("a", "b", "c"), rows("a", "c", "d")) == [
        "a:same",
        "b:removed",
        "c:same",
        "d:added",
    ]
    assert kinds(rows("x", "a"), rows("a")) == ["x:removed", "a:same"]


def test_only_the_row_that_moved_is_said_to_move() -> None:
    assert kinds(rows("a", "b", "c", "d"), rows("d", "a", "b", "c")) == [
        "d:moved",
        "a:same",
        "b:same",
        "c:same",
    ]


def test_a_changed_row_names_what_changed() -> None:
    before = [Row(1, {"stage": Condition("is", ("l1",))}, {"group": 1, "subflow": 2}, "a")]
    after = [Row(1, {"stage": Condition("is", ("l2",))}, {"group": 1, "subflow": 3}, "a", "Why")]
    (difference,) = compare(before, after)
    assert difference.kind == "changed"
    assert difference.changed_keys == {"in.stage", "out.subflow", "note"}


@given(st.permutations("abcdef"), st.permutations("abcdef"))
def test_every_row_is_told_once_and_the_rest_keeps_its_order(
    before: list[str], after: list[str]
) -> None:
    told = compare(rows(*before), rows(*after))
    assert [d.after.key for d in told if d.after] == after
    settled = [d.after.key for d in told if d.kind == "same" and d.after]
    assert [key for key in before if key in settled] == settled
    assert settled
