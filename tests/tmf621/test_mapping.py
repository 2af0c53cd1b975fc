"""Ticket words and psew's values, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.choices import CaseState
from incidents.choices import Channel, HoldReason, State
from tmf621.mapping import (
    CASE_WORDS,
    INCIDENT_WORDS,
    Kind,
    Standing,
    Status,
    channel_of,
    kind_of,
    level_of,
    pick,
    priority_words,
    read_status,
    severity_for,
    standing_for,
    status_of,
    weight_of,
)

WORDS = {Kind.INCIDENT: INCIDENT_WORDS, Kind.CASE: CASE_WORDS}
CATEGORIES = {"sd_wan": "SD-WAN", "inquiry": "Inquiry / Help"}


@given(st.sampled_from(Status), st.sampled_from(Kind))
def test_a_status_comes_back_from_the_record_it_makes(status: Status, kind: Kind) -> None:
    standing = standing_for(status, kind)
    if standing is None:
        assert (status, kind) == (Status.HELD, Kind.CASE)
    else:
        assert status_of(standing, WORDS[kind]) == status


@given(st.sampled_from(State), st.sampled_from(HoldReason), st.sampled_from(["", "rejected"]))
def test_every_incident_has_a_status_of_the_standard(
    state: State, hold: HoldReason, code: str
) -> None:
    told = status_of(Standing(state, hold if state == State.ON_HOLD else "", code), INCIDENT_WORDS)
    assert read_status(told, Kind.INCIDENT) == told


@given(st.sampled_from(CaseState))
def test_every_case_has_a_status_of_the_standard(state: CaseState) -> None:
    assert read_status(status_of(Standing(state), CASE_WORDS), Kind.CASE) in (*Status,)


@given(st.text())
def test_any_text_is_read_without_complaint(text: str) -> None:
    assert read_status(text, Kind.INCIDENT) in (None, *Status)
    assert level_of(text) in range(1, 6)
    assert kind_of(text) in Kind
    assert pick(text, CATEGORIES) in ("", *CATEGORIES)
    assert channel_of([text], dict(Channel.choices), Channel.MONITORING) in Channel


@given(st.integers(1, 5))
def test_a_priority_comes_back_from_the_severity_it_is_told_as(priority: int) -> None:
    assert level_of(severity_for(priority)) == priority
    assert level_of(priority_words(f"{priority}-High")) == priority


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("New", Status.ACKNOWLEDGED),
        ("In Progress", Status.IN_PROGRESS),
        ("IN_PROGRESS", Status.IN_PROGRESS),
        ("On Hold", Status.HELD),
        ("Canceled", Status.CANCELLED),
        ("6", Status.RESOLVED),
        ("foo", None),
    ],
)
def test_labels_and_numbers_are_read_as_well(word: str, status: Status | None) -> None:
    assert read_status(word, Kind.INCIDENT) is status


def test_numbers_mean_what_they_mean_for_the_kind() -> None:
    assert read_status("3", Kind.INCIDENT) is Status.HELD
    assert read_status("3", Kind.CASE) is Status.CLOSED


@pytest.mark.parametrize(
    ("severity", "weight"),
    [
        ("1", (1, 1)),
        ("Critical", (1, 1)),
        ("Major", (1, 2)),
        ("2 - High", (1, 2)),
        ("minor", (2, 2)),
        ("5", (3, 3)),
        ("9", (2, 3)),
        ("whatever", (2, 3)),
    ],
)
def test_severity_becomes_impact_and_urgency(severity: str, weight: tuple[int, int]) -> None:
    assert weight_of(severity) == weight


@pytest.mark.parametrize("word", ["SD-WAN", "SD WAN", "sd_wan", "sdwan", "Sd-Wan"])
def test_categories_are_known_by_value_and_label(word: str) -> None:
    assert pick(word, CATEGORIES) == "sd_wan"


def test_only_the_word_case_makes_a_case() -> None:
    assert [kind_of(w) for w in ("Case", "CASE", "incident", "complaint")] == [
        Kind.CASE,
        Kind.CASE,
        Kind.INCIDENT,
        Kind.INCIDENT,
    ]
