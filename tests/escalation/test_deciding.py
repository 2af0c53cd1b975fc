"""The pure decision: first row that fits, why the earlier ones did not, what comes next."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.decision import (
    BadCondition,
    Compiled,
    Condition,
    NoRowFits,
    Row,
    Value,
    decide,
    explain,
    runner_up,
)
from escalation.decision.conditions import condition_from

INPUTS: dict[str, Value] = {
    "category": "sd_wan",
    "subcategory": "link_failure",
    "stage": "l1",
    "priority": 3,
}


def row(position: int, **conditions: list[Any]) -> Row:
    return Row(position, {key: condition_from(stored) for key, stored in conditions.items()})


def test_the_first_row_that_fits_wins() -> None:
    rows = [
        row(1, subcategory=["is", "device_failure"]),
        row(2, stage=["is", "l1"]),
        row(3),
    ]
    decision = decide(Compiled(rows), INPUTS)
    assert decision.row.position == 2
    assert [r.reason for r in decision.rejected] == [
        "subcategory is link_failure, not device_failure"
    ]


def test_an_empty_stage_fits_only_incidents_without_a_stage() -> None:
    table = Compiled([row(1, stage=["is_empty"])])
    with pytest.raises(NoRowFits) as caught:
        decide(table, INPUTS)
    assert caught.value.rejected[0].reason == "stage is l1, not (none)"
    assert decide(table, {**INPUTS, "stage": ""}).row.position == 1
    assert decide(table, {}).row.position == 1


@pytest.mark.parametrize(
    ("stored", "fitting"),
    [
        (["is", 2], {2}),
        (["one_of", 1, 4], {1, 4}),
        (["not_one_of", 1, 4], {2, 3, 5}),
        (["at_least", 4], {4, 5}),
        (["at_most", 2], {1, 2}),
        (["between", 2, 4], {2, 3, 4}),
        (["is_empty"], set()),
    ],
)
def test_each_operator_holds_for_its_values(stored: list[Any], fitting: set[int]) -> None:
    table = Compiled([row(1, priority=stored)])
    assert {n for n in range(1, 6) if table.first({"priority": n})} == fitting


def test_a_range_never_holds_for_an_empty_value() -> None:
    assert not condition_from(["at_least", 0]).holds("")


@pytest.mark.parametrize(
    "stored",
    [
        [],
        "is",
        ["like", "x"],
        ["is"],
        ["is", "a", "b"],
        ["between", 4, 2],
        ["at_least", "many"],
        ["at_least", True],
        ["is", None],
        ["one_of", {"a": 1}],
        [["is"], "a"],
    ],
)
def test_nothing_but_the_closed_operators_is_read(stored: Any) -> None:
    with pytest.raises(BadCondition):
        condition_from(stored)


def test_the_runner_up_is_the_next_that_fits_or_the_nearest_miss() -> None:
    rows = [
        row(1, stage=["is", "l1"]),
        row(2, stage=["is", "l2"], subcategory=["is", "device_failure"]),
        row(3, stage=["is", "l2"], subcategory=["is", "link_failure"]),
    ]
    nearest = runner_up(explain(rows, INPUTS))
    assert nearest is not None
    assert (nearest.row.position, nearest.missed) == (3, 1)
    assert [(c.key, c.holds) for c in nearest.cells] == [("stage", False), ("subcategory", True)]
    second = runner_up(explain([*rows, row(4)], INPUTS))
    assert second is not None
    assert second.row.position == 4
    assert runner_up(explain(rows[:1], INPUTS)) is None


def test_reasons_are_capped_in_long_tables() -> None:
    rows = [row(n, subcategory=["is", f"x{n}"]) for n in range(1, 500)]
    with pytest.raises(NoRowFits) as caught:
        decide(Compiled(rows), INPUTS)
    assert len(caught.value.rejected) == 100


TEXTS = st.sampled_from(["", "a", "b", "c"])
NUMBERS = st.integers(0, 4)


def conditions(values: st.SearchStrategy[Any], numeric: bool) -> st.SearchStrategy[Condition]:
    some = st.lists(values, min_size=1, max_size=3).map(tuple)
    kinds = [
        values.map(lambda v: Condition("is", (v,))),
        some.map(lambda v: Condition("one_of", v)),
        some.map(lambda v: Condition("not_one_of", v)),
        st.just(Condition("is_empty")),
    ]
    if numeric:
        kinds += [
            values.map(lambda v: Condition("at_least", (v,))),
            values.map(lambda v: Condition("at_most", (v,))),
            st.tuples(values, values).map(lambda v: Condition("between", tuple(sorted(v)))),
        ]
    return st.one_of(kinds)


ROW = st.fixed_dictionaries(
    {},
    optional={
        "text": conditions(TEXTS, False),
        "other": conditions(TEXTS, False),
        "number": conditions(NUMBERS, True),
    },
)
GIVEN = st.fixed_dictionaries({"text": TEXTS, "other": TEXTS, "number": NUMBERS})


@given(st.lists(ROW, max_size=14), GIVEN)
def test_the_compiled_table_answers_as_a_search_by_hand(
    conditions: list[dict[str, Condition]], inputs: dict[str, Value]
) -> None:
    rows = [Row(at, each) for at, each in enumerate(conditions)]
    by_hand = [each for each in rows if each.fits(inputs)]
    table = Compiled(rows)
    assert table.every(inputs) == by_hand
    assert table.first(inputs) == (by_hand[0] if by_hand else None)
    assert [v.row for v in explain(rows, inputs) if v.fits] == by_hand


def test_a_row_that_lists_very_many_combinations_still_answers() -> None:
    many = [f"v{n}" for n in range(100)]
    table = Compiled([row(1, a=["one_of", *many], b=["one_of", *many])])
    assert table.first({"a": "v99", "b": "v0"}) is not None
    assert table.first({"a": "v99", "b": "w"}) is None
