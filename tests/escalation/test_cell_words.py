"""Cells are written and read in the same words, in the grid and in files."""

import pytest

from escalation.decision import BadCondition, Choice, Condition, Input
from escalation.decision.inputs import FLAG, NUMBER
from escalation.decision.words import in_words, read_cell

SUBCATEGORY = Input(
    "subcategory",
    "Sub category",
    choices=[
        Choice("link_failure", "Link failure"),
        Choice("device_failure", "Device failure"),
        Choice("odd", "Fan, power or case"),
    ],
)
COUNT = Input("count", "Affected accounts", NUMBER)
CRITICAL = Input("critical", "Critical service", FLAG)
FREE = Input("tag", "Tag")


@pytest.mark.parametrize(
    ("text", "column", "expected", "words"),
    [
        ("", SUBCATEGORY, None, ""),
        ("ANY", SUBCATEGORY, None, ""),
        ("(none)", SUBCATEGORY, Condition("is_empty"), "(none)"),
        ("link failure", SUBCATEGORY, Condition("is", ("link_failure",)), "Link failure"),
        ("link_failure", SUBCATEGORY, Condition("is", ("link_failure",)), "Link failure"),
        ("Fan, power or case", SUBCATEGORY, Condition("is", ("odd",)), "Fan, power or case"),
        (
            "Link failure,Device failure",
            SUBCATEGORY,
            Condition("one_of", ("link_failure", "device_failure")),
            "Link failure, Device failure",
        ),
        (
            "not device_failure",
            SUBCATEGORY,
            Condition("not_one_of", ("device_failure",)),
            "not Device failure",
        ),
        (">= 2", COUNT, Condition("at_least", (2,)), "at least 2"),
        ("at most 2.5", COUNT, Condition("at_most", (2.5,)), "at most 2.5"),
        ("2..4", COUNT, Condition("between", (2, 4)), "2 to 4"),
        ("2 to 4", COUNT, Condition("between", (2, 4)), "2 to 4"),
        ("1, 3", COUNT, Condition("one_of", (1, 3)), "1, 3"),
        ("Yes", CRITICAL, Condition("is", (True,)), "yes"),
        ("gold, silver", FREE, Condition("one_of", ("gold", "silver")), "gold, silver"),
    ],
)
def test_a_cell_is_read_and_said_in_the_same_words(
    text: str, column: Input, expected: Condition | None, words: str
) -> None:
    assert read_cell(text, column) == expected
    assert in_words(expected, column.label_of) == words
    assert read_cell(words, column) == expected


@pytest.mark.parametrize(
    ("text", "column", "complaint"),
    [
        ("Lnk failure", SUBCATEGORY, "no value 'Lnk failure'. Known: Link failure"),
        ("many", COUNT, "'many' is no number"),
        ("nan", COUNT, "is no number"),
        ("4 to 2", COUNT, "from the smaller to the larger"),
        ("maybe", CRITICAL, "neither yes nor no"),
        ("not ,", SUBCATEGORY, "at least one value"),
        (">= ", COUNT, "is no number"),
    ],
)
def test_a_wrong_cell_is_told_in_a_sentence(text: str, column: Input, complaint: str) -> None:
    with pytest.raises(BadCondition, match=complaint):
        read_cell(text, column)
