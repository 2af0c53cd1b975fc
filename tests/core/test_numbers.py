"""Numbers are unique, also when many ask at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from core.models import NumberSeries
from core.numbers import next_number, next_numbers, reserve_up_to, sequence_name


@pytest.mark.django_db
def test_numbers_ascend_without_repeats() -> None:
    numbers = [next_number("TST") for _ in range(50)] + next_numbers("TST", 50)

    assert len(set(numbers)) == 100
    assert numbers == sorted(numbers)
    assert numbers[0] == "TST0010001"


@pytest.mark.django_db
def test_a_series_has_its_own_width() -> None:
    NumberSeries.objects.filter(prefix="TST").delete()
    assert next_number("TST") == "TST0010001"
    NumberSeries.objects.filter(prefix="TST").update(digits=9)
    assert next_number("TST") == "TST000010002"


@pytest.mark.django_db
def test_reserved_numbers_are_never_handed_out() -> None:
    next_number("TST")
    reserve_up_to("TST", 20_000)
    assert next_number("TST") == "TST0020001"
    reserve_up_to("TST", 15_000)
    assert next_number("TST") == "TST0020002"


def test_a_prefix_is_made_of_letters() -> None:
    with pytest.raises(ValueError, match="letters"):
        sequence_name("x; drop table")


@pytest.mark.django_db(transaction=True)
def test_a_thousand_creators_at_once_get_a_thousand_numbers() -> None:
    next_number("TST")
    # SQLite's shared in-memory database knows no second writer.
    threads = 8 if connection.vendor == "postgresql" else 1

    def take(_: int) -> list[str]:
        try:
            return [next_number("TST") for _ in range(125)]
        finally:
            connections.close_all() if threads > 1 else None

    if threads == 1:
        batches = [take(n) for n in range(8)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            batches = list(pool.map(take, range(8)))

    assert len({number for batch in batches for number in batch}) == 1000
