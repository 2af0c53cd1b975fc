"""Conditions compare and do nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.conditions import (
    OPERATORS,
    BadCondition,
    Condition,
    first_unmet,
    read_conditions,
)

FACTS = {"priority": 2, "stage": "l1", "channel": ""}


def read(name: str) -> str | int:
    return FACTS[name]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("fact", "operator", "value", "holds"),
    [
        ("priority", "at_most", "2", True),
        ("priority", "at_most", "1", False),
        ("priority", "at_least", "3", False),
        ("priority", "is", "2", True),
        ("stage", "one_of", "triage, l1", True),
        ("stage", "one_of", "triage", False),
        ("stage", "is_not", "l1", False),
        ("stage", "at_least", "1", False),
        ("channel", "empty", "", True),
        ("stage", "not_empty", "", True),
    ],
)
def test_each_comparison(fact: str, operator: str, value: str, holds: bool) -> None:
    assert Condition(fact, operator, value).holds(read) is holds


@pytest.mark.parametrize(
    "stored",
    [
        {"fact": "priority", "operator": "matches", "value": "(a+)+$"},
        {"fact": "priority", "operator": "at_most", "value": "two"},
        {"fact": "priority", "operator": "is", "value": " "},
        {"operator": "is", "value": "1"},
        "priority is 1",
    ],
)
def test_what_makes_no_sense_is_refused(stored: dict[str, str]) -> None:
    with pytest.raises(BadCondition):
        read_conditions([stored])


def test_the_first_that_does_not_hold_is_named() -> None:
    wanted = Condition("stage", "is", "l2")
    assert first_unmet([Condition("priority", "is", "2"), wanted], read) == wanted
    assert first_unmet([], read) is None


@given(st.sampled_from(sorted(OPERATORS)), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_is_compared_or_refused(operator: str, value: str, actual: str) -> None:
    try:
        condition = Condition("any", operator, value)
    except BadCondition:
        return
    assert condition.holds(lambda _: actual) in (True, False)
    assert Condition(**condition.as_json()) == condition
