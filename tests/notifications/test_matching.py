"""Who gets which event; no database needed."""

import pytest

from notifications.matching import Wish, types_from


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("", set()),
        (" , ", set()),
        ("A", {"A"}),
        ("A, B ,,C", {"A", "B", "C"}),
    ],
)
def test_types_are_read_from_a_list(text: str, types: set[str]) -> None:
    assert types_from(text) == types


def test_no_wish_means_everything() -> None:
    assert Wish(1, frozenset()).wants("A")


def test_a_wish_is_kept_to_the_letter() -> None:
    wish = Wish(1, frozenset({"A"}))
    assert wish.wants("A")
    assert not wish.wants("AB")
