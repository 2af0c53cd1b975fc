"""Which items still have a way round a fault."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from cmdb.redundancy import Group, Left, Need, groups_of, lost_items, paths_left

SIZE = 6
ITEMS = st.integers(0, SIZE - 1)
NEEDS = st.lists(
    st.tuples(ITEMS, st.sampled_from("ab"), ITEMS).filter(lambda row: row[0] != row[2]),
    max_size=12,
)


def lost(failed: set[int], *needs: tuple[int, str, int], **stand_ins: set[int]) -> set[int]:
    by_item = {int(key.removeprefix("of_")): values for key, values in stand_ins.items()}
    return lost_items(failed, groups_of([Need(*row) for row in needs], by_item))


def test_an_item_with_one_provider_falls_with_it() -> None:
    assert lost({1}, (2, "edge", 1), (3, "edge", 2)) == {1, 2, 3}


def test_providers_of_one_kind_are_alternatives() -> None:
    assert lost({1}, (3, "edge", 1), (3, "edge", 2)) == {1}
    assert lost({1, 2}, (3, "edge", 1), (3, "edge", 2)) == {1, 2, 3}


def test_providers_of_different_kinds_are_all_needed() -> None:
    assert lost({1}, (3, "edge", 1), (3, "database", 2)) == {1, 3}


def test_a_stand_in_takes_over_unless_it_failed_too() -> None:
    assert lost({1}, (3, "edge", 1), of_1={2}) == {1}
    assert lost({1, 2}, (3, "edge", 1), of_1={2}) == {1, 2, 3}


def test_a_ring_without_ground_does_not_hold_itself_up() -> None:
    ring = [(2, "edge", 3), (2, "edge", 1), (3, "edge", 2), (3, "edge", 1)]
    assert lost({1}, *ring) == {1, 2, 3}
    assert lost({1}, *ring, (3, "edge", 9)) == {1}


def test_a_loop_drawn_by_mistake_stays_up_where_something_holds_it() -> None:
    assert lost({1}, (2, "edge", 1), (2, "edge", 9), (2, "app", 3), (3, "app", 2)) == {1}


def test_what_is_left_is_told_of_the_kind_nearest_to_running_out() -> None:
    needs = [Need(9, "link", n) for n in (1, 2, 3)] + [Need(9, "power", n) for n in (1, 5)]
    groups = groups_of(needs, {})
    assert paths_left(lost_items({1}, groups), groups) == {9: Left(1, 2)}
    assert str(Left(1, 2)) == "1 of 2 paths left"


@given(needs=NEEDS, failed=st.sets(ITEMS, max_size=3), pairs=st.sets(st.tuples(ITEMS, ITEMS)))
def test_the_quick_answer_is_that_of_trying_every_set_of_items(
    needs: list[tuple[int, str, int]], failed: set[int], pairs: set[tuple[int, int]]
) -> None:
    stand_ins = {a: {b for x, b in pairs if x == a and b != a} for a in range(SIZE)}
    groups = groups_of([Need(*row) for row in needs], stand_ins)
    known = set(range(SIZE))
    assert lost_items(failed, groups) & known == known - _up_by_trying(failed, groups)


def _up_by_trying(failed: set[int], groups: dict[int, list[Group]]) -> set[int]:
    """Return the union of all sets of items that hold themselves up, found by trying each."""
    sound = range(SIZE)
    sets = (set(c) for size in range(1, SIZE + 1) for c in combinations(sound, size))
    return set().union(*(s for s in sets if not s & failed and _holds(s, groups)))


def _holds(items: set[int], groups: dict[int, list[Group]]) -> bool:
    served = all(g & items for item in items for g in groups.get(item, []))
    ground = {item for item in items if not groups.get(item)}
    for _ in items:
        ground |= {i for i in items if any(g & ground for g in groups.get(i, []))}
    return served and ground == items
