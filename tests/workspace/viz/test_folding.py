"""Folding a large graph: ways stay whole, what is hidden is counted and shown on request."""

from hypothesis import given
from hypothesis import strategies as st

from workspace.viz.folding import FAN, STEP, fold


def tree(parents: list[int]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {"0": ["0"]}
    for number, parent in enumerate(parents, start=1):
        paths[str(number)] = [*paths[str(parent % number)], str(number)]
    return paths


trees = st.lists(st.integers(0, 1_000), max_size=80).map(tree)


@given(trees, st.integers(1, 30), st.lists(st.integers(0, 80).map(str), max_size=3))
def test_ways_stay_whole_and_every_hidden_key_is_counted(
    paths: dict[str, list[str]], limit: int, expand: list[str]
) -> None:
    folded = fold(list(reversed(paths)), paths, expand=expand, limit=limit)
    for key in folded.kept:
        assert set(paths[key]) <= folded.kept
    assert sum(map(len, folded.hidden.values())) == len(paths) - len(folded.kept)
    assert set(folded.hidden) <= folded.kept | {""}
    if not expand:
        assert len(folded.kept) <= limit


def test_a_small_graph_is_drawn_whole() -> None:
    paths = tree([0] * 9)
    assert fold(list(paths), paths, limit=10).hidden == {}


def test_what_matters_most_is_kept() -> None:
    paths = tree([0] * 200)
    folded = fold(["150", *paths], paths, limit=3)
    assert folded.kept == {"0", "1", "150"}
    assert list(folded.hidden) == ["0"]
    assert len(folded.hidden["0"]) == 198


def test_of_many_side_by_side_some_are_drawn_and_those_asked_for_by_name() -> None:
    paths = tree([0] * 200)
    assert len(fold(list(paths), paths, limit=60).kept) == 1 + FAN
    named = fold(["150", *paths], paths, must={"150", "151"}, limit=60)
    assert len(named.kept) == 1 + FAN + 1
    assert {"150", "151"} <= named.kept


def test_asking_for_more_shows_the_next_step_and_asking_again_the_one_after() -> None:
    paths = tree([0] * 200)
    once = fold(list(paths), paths, expand=["0"], limit=3)
    twice = fold(list(paths), paths, expand=["0", "0"], limit=3)
    assert len(once.kept) == 3 + STEP
    assert len(twice.kept) == 3 + 2 * STEP
    assert once.kept < twice.kept


def test_asking_for_more_below_what_is_not_drawn_shows_nothing() -> None:
    paths = tree([0] * 200)
    asked = fold(list(paths), paths, expand=["199", "no such"], limit=3)
    assert asked == fold(list(paths), paths, limit=3)


def test_of_many_beginnings_those_without_room_are_counted_and_shown_on_request() -> None:
    paths = {str(number): [str(number)] for number in range(10)}
    assert fold(list(paths), paths, limit=4).hidden == {"": list("456789")}
    assert fold(list(paths), paths, limit=4, expand=[""]).hidden == {}
