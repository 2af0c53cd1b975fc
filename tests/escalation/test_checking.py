"""The check tells what is wrong with a table, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.decision import Choice, Condition, Input, Row
from escalation.decision.checking import check
from escalation.decision.conditions import condition_from
from escalation.decision.findings import (
    CYCLE,
    PARTLY,
    RECORD,
    SHADOWED,
    UNCOVERED,
    UNKNOWN,
    UNREACHABLE,
    Ladder,
    Level,
    Place,
)
from escalation.decision.inputs import NUMBER
from tests.escalation.test_deciding import GIVEN, ROW
from tests.fixtures.data import read

STAGES = (
    ("", "(none)"),
    ("triage", "Triage"),
    ("l1", "L1"),
    ("l2", "L2"),
    ("l3", "L3"),
)
SUBCATEGORIES = {
    "link_failure": "Link failure",
    "device_failure": "Device failure",
    "protocol_failure": "Protocol failure",
    "soft_wan_link_failure": "Soft-WAN link failure",
    "software_failure": "Software failure",
}
COLUMNS = (
    Input("category", "Category", choices=[Choice("sd_wan", "SD-WAN"), Choice("mpls", "MPLS")]),
    Input("subcategory", "Sub category", choices=[Choice(*p) for p in SUBCATEGORIES.items()]),
    Input("stage", "Stage", choices=[Choice(*p) for p in STAGES]),
    Input("priority", "Priority", NUMBER, [Choice(n, str(n)) for n in range(1, 6)]),
    Input("count", "Accounts", NUMBER),
    Input("tier", "Tier"),
)


def shipped(number: int) -> tuple[list[Row], Ladder]:
    subflows = {entry["name"]: entry for entry in read("base/subflows")["subflow"]}
    rows = [
        Row(
            position,
            {
                key: Condition("is", (entry[key],)) if entry[key] else Condition("is_empty")
                for key in ("category", "subcategory", "stage")
            },
            {"subflow": entry["subflow"]},
        )
        for position, entry in enumerate(
            read("base/decision_tables")["table"][number]["row"], start=1
        )
    ]
    ladder = Ladder(
        input="stage",
        output="subflow",
        levels=tuple(Level(value, label, value != "l3") for value, label in STAGES),
        places=tuple(
            Place(label, {"category": "sd_wan", "subcategory": value}, "triage")
            for value, label in SUBCATEGORIES.items()
        ),
        leads_to={name: entry["stage"] for name, entry in subflows.items()},
    )
    return rows, ladder


def test_the_document_s_14_rows_are_told_exactly() -> None:
    rows, ladder = shipped(1)
    report = check(rows, COLUMNS, ladder=ladder)
    assert [f.sentence for f in report.of(CYCLE)] == [
        "Link failure goes in circles: Triage → L1 → Triage (rows 5 and 3).",
        "Software failure goes in circles: Triage → L1 → Triage (rows 8 and 1).",
    ]
    assert [f.rows for f in report.of(SHADOWED)] == [(12, 1)]
    assert [f.rows for f in report.of(UNREACHABLE)] == [(9,), (14,)]
    assert [f.sentence.partition(":")[0] for f in report.of(UNCOVERED)] == [
        "Link failure in (none)",
        "Link failure in L2",
        "Device failure in (none)",
        "Protocol failure in (none)",
        "Soft-WAN link failure in Triage",
        "Soft-WAN link failure in L2",
        "Software failure in (none)",
    ]
    assert sum(f.harmless for f in report.findings) == 4
    assert len(report.findings) == 2 + 1 + 2 + 7
    assert report.complete


def test_the_matrix_names_the_rows_that_answer() -> None:
    rows, ladder = shipped(1)
    matrix = check(rows, COLUMNS, ladder=ladder).matrix
    assert matrix is not None
    assert matrix.columns == ("(none)", "Triage", "L1", "L2")
    lines = {label: [(c.rows, c.state) for c in cells] for label, cells in matrix.lines}
    assert lines["Software failure"] == [
        ((), "harmless"),
        ((8,), "covered"),
        ((1,), "covered"),
        ((9,), "covered"),
    ]
    assert lines["Soft-WAN link failure"][1] == ((), "uncovered")


def test_the_complete_grid_has_nothing_to_tell() -> None:
    rows, ladder = shipped(0)
    assert check(rows, COLUMNS, ladder=ladder).findings == ()


def test_a_row_for_some_priorities_leaves_the_rest_of_a_cell_open() -> None:
    rows, ladder = shipped(0)
    narrow = Row(3, {**rows[2].conditions, "priority": Condition("at_most", (2,))}, rows[2].outputs)
    report = check([*rows[:2], narrow, *rows[3:]], COLUMNS, ladder=ladder)
    assert [f.code for f in report.findings] == [PARTLY]
    assert report.findings[0].sentence.startswith("Link failure in L1")


def test_a_row_that_leads_nowhere_is_no_circle() -> None:
    rows, ladder = shipped(0)
    assert check([*rows, Row(21)], COLUMNS, ladder=ladder).of(CYCLE) == []
    again = Row(1, {"stage": Condition("is", ("l1",))}, {"subflow": rows[1].outputs["subflow"]})
    assert len(check([again, *rows], COLUMNS, ladder=ladder).of(CYCLE)) == 5


def row(position: int, **conditions: list[Any]) -> Row:
    return Row(position, {key: condition_from(stored) for key, stored in conditions.items()})


def test_several_rows_together_may_leave_nothing_for_a_later_one() -> None:
    rows = [
        row(1, priority=["at_most", 3]),
        row(2, priority=["at_least", 4]),
        row(3, priority=["is", 5], category=["is", "mpls"]),
        row(4),
    ]
    found = check(rows, COLUMNS)
    assert [f.sentence for f in found.of(SHADOWED)] == [
        "Row 3 never answers: row 2 does before it.",
        "Row 4 never answers: earlier rows do before it.",
    ]


def test_where_every_row_answers_none_is_shadowed() -> None:
    rows = [row(1), row(2, count=["at_least", 2])]
    assert check(rows, COLUMNS, hit_policy="all").findings == ()


def test_gaps_of_other_tables_are_named_by_their_values() -> None:
    rows = [row(1, count=["at_least", 5]), row(2, tier=["is", "gold"])]
    sentences = [f.sentence for f in check(rows, COLUMNS).of(UNCOVERED)]
    assert "No row answers for Accounts 4, Tier (anything else)." in sentences
    assert not any("Tier gold" in sentence for sentence in sentences)
    assert check([*rows, row(3)], COLUMNS).findings == ()


def test_values_and_records_that_do_not_work_are_told() -> None:
    rows = [row(1, subcategory=["is", "lnk"]), row(2, colour=["is", "red"]), row(3)]
    report = check(rows, COLUMNS, problems={3: ["The group has no members."]})
    assert [f.sentence for f in report.of(UNKNOWN)] == [
        "Row 1: Sub category has no value lnk.",
        "Row 2 asks for colour, which nothing here knows.",
    ]
    assert [f.sentence for f in report.of(RECORD)] == ["Row 3: The group has no members."]
    assert report.by_row[3][0].code == RECORD


TRIED = (
    Input("text", "Text", choices=[Choice(v, v) for v in ("", "a", "b", "c")]),
    Input("other", "Other", choices=[Choice(v, v) for v in ("", "a", "b", "c")]),
    Input("number", "Number", NUMBER),
)


@given(st.lists(ROW, max_size=8), GIVEN)
def test_a_row_that_answers_is_never_called_shadowed(
    conditions: list[dict[str, Condition]], inputs: dict[str, Any]
) -> None:
    rows = [Row(at, each) for at, each in enumerate(conditions, start=1)]
    report = check(rows, TRIED)
    answer = next((each.position for each in rows if each.fits(inputs)), None)
    assert answer not in [f.rows[0] for f in report.of(SHADOWED)]
    if answer is None:
        assert report.of(UNCOVERED)


@pytest.mark.parametrize("count", [2_000])
def test_a_long_table_is_checked_as_far_as_it_can_be(count: int) -> None:
    rows = [row(n, tier=["is", f"t{n}"], count=["at_least", n]) for n in range(1, count)]
    assert not check(rows, COLUMNS).complete
