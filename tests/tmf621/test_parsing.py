"""What cannot be stored or is ambiguous is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tmf621.hostile import HOSTILE
from tmf621.errors import BadBody, TooLarge
from tmf621.parsing import MAX_BYTES, parse_moment, read_json
from tmf621.resources import moment


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_refused(raw: bytes) -> None:
    with pytest.raises(BadBody):
        read_json(raw)


def test_a_body_has_a_size() -> None:
    with pytest.raises(TooLarge):
        read_json(b'"' + b"a" * MAX_BYTES + b'"')


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        value = read_json(raw)
    except BadBody:
        return
    assert value == json.loads(raw)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-24",
        "2024-02-24T08:32:52",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2024-02-30T00:00:00Z",
        "2024-02-24T08:32:52+99:00",
        "2024-02-24 08:32:52Z",
        "",
    ],
)
def test_a_date_needs_an_offset_and_a_sane_year(text: str) -> None:
    assert parse_moment(text) is None


def test_dates_are_read_with_any_fraction_and_offset() -> None:
    assert parse_moment("2024-02-24T09:32:52.1140009+01:00") == datetime(
        2024, 2, 24, 8, 32, 52, 114000, tzinfo=UTC
    )


@given(st.integers(0, 7_258_118_399_999_999))
def test_a_told_moment_is_read_back_to_the_millisecond(microseconds: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    assert moment(at).endswith("Z")
    back = parse_moment(moment(at))
    assert back == at.replace(microsecond=at.microsecond // 1000 * 1000)
