"""The pure decision: first row that fits, and why the earlier ones did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.policy import ANY, Facts, NoRowFits, Row, decide, priorities_from

FACTS = Facts("sd_wan", "link_failure", "l1", 3)


def row(position: int, **conditions: object) -> Row:
    values: dict[str, object] = {
        "category": "sd_wan",
        "subcategory": ANY,
        "stage": ANY,
        "group": position,
        "subflow": position,
        **conditions,
    }
    return Row(position=position, **values)  # type: ignore[arg-type]


def test_the_first_row_that_fits_wins() -> None:
    rows = [row(1, subcategory="device_failure"), row(2, stage="l1"), row(3)]
    decision = decide(rows, FACTS)
    assert decision.row.position == 2
    assert [r.reason for r in decision.rejected] == [
        "subcategory is link_failure, not device_failure"
    ]


def test_an_empty_stage_fits_only_incidents_without_a_stage() -> None:
    with pytest.raises(NoRowFits) as caught:
        decide([row(1, stage="")], FACTS)
    assert caught.value.rejected[0].reason == "stage is l1, not (none)"
    assert decide([row(1, stage="")], Facts("sd_wan", "x", "", 3)).row.position == 1


def test_a_row_may_hold_for_some_priorities_only() -> None:
    rows = [row(1, priorities=frozenset({1, 2})), row(2)]
    assert decide(rows, FACTS).row.position == 2
    assert decide(rows, Facts("sd_wan", "link_failure", "l1", 1)).row.position == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sd_wan", "mpls", ANY]),
            st.sampled_from(["link", "device", ANY]),
            st.sampled_from(["", "triage", "l1", ANY]),
        ),
        max_size=12,
    ),
    st.sampled_from(["sd_wan", "mpls"]),
    st.sampled_from(["link", "device"]),
    st.sampled_from(["", "triage", "l1"]),
)
def test_the_decision_equals_a_search_by_hand(
    conditions: list[tuple[str, str, str]], category: str, subcategory: str, stage: str
) -> None:
    rows = [
        Row(position=i, category=c, subcategory=s, stage=g, group=1, subflow=1)
        for i, (c, s, g) in enumerate(conditions)
    ]
    wanted = next(
        (
            i
            for i, (c, s, g) in enumerate(conditions)
            if c in (ANY, category) and s in (ANY, subcategory) and g in (ANY, stage)
        ),
        None,
    )
    facts = Facts(category, subcategory, stage, 3)
    if wanted is None:
        with pytest.raises(NoRowFits) as caught:
            decide(rows, facts)
        assert len(caught.value.rejected) == len(rows)
    else:
        assert decide(rows, facts).row.position == wanted


@pytest.mark.parametrize("text", ["0", "1,6", "high", "1;2"])
def test_a_wrong_priority_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|from 1 to 5"):
        priorities_from(text)
