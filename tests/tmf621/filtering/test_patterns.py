"""Patterns are few, and mean the same everywhere."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tmf621.filtering.asking import answer
from tmf621.filtering import BadFilter, Part
from tmf621.filtering.parts import Compare, Operator
from tmf621.filtering.patterns import read_pattern
from tmf621.filtering.searching import contains

atoms = st.sampled_from(
    ["a", "b", ".", "é", "\n", "]", "-", r"\.", r"\d", r"\w", r"\s", "[ab]", "[^a\\d]", "[a-c]"]
    + ["[a-]", r"[\]\^\-\\]", "^", "$", "#", " ", "1", "(a|bc)", "(a|^b|b$)", "(.b)"]
)
repeated = st.builds(str.__add__, atoms, st.sampled_from(["", "", "*", "+", "?"]))
rows = st.lists(repeated, min_size=1, max_size=5).map("".join)
candidates = st.lists(rows, min_size=1, max_size=3).map("|".join)
subjects = st.text("abcé\n.]-\\^ 1#_", max_size=8)


def usable(pattern: str) -> bool:
    try:
        read_pattern(pattern)
    except BadFilter:
        return False
    return True


@given(candidates.filter(usable), subjects)
def test_python_searches_alike(pattern: str, subject: str) -> None:
    # Python's own $ also stands before a last line feed.
    own = re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern), re.DOTALL | re.ASCII)
    assert contains(subject, pattern) == bool(own.search(subject))


@pytest.mark.django_db
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(candidates.filter(usable), subjects)
def test_the_database_searches_alike(pattern: str, subject: str) -> None:
    part = Part(("a",), Compare((), Operator.REGEX, (pattern,)))
    assert answer({"a": subject}, part) == contains(subject, pattern)


@pytest.mark.django_db
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=6).filter(usable), st.text().map(lambda t: t.replace("\0", "")))
def test_any_usable_pattern_runs_in_the_database(pattern: str, subject: str) -> None:
    part = Part(("a",), Compare((), Operator.REGEX, (pattern,)))
    assert answer({"a": subject}, part) == contains(subject, pattern)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a?)*", "(^a)*", "a**", "a{3}", "*", "a||b", "", "(", ")", "(a", "()", "[", "[]"]
    + ["[b-a]", "[a[b]", "[[:alpha:]]", r"\b", r"\1", "\\", "(?i)a", "(?=a)", "***=a", "a" * 101]
    + ["((((((a))))))", r"[\d-z-a]", "a*?", "\0"],
)
def test_refused_patterns(pattern: str) -> None:
    with pytest.raises(BadFilter):
        read_pattern(pattern)


@pytest.mark.parametrize("pattern", [".*.*.*.*.*.*.*.*x", "(a|a|aa|aaa)*(a|aa)*x", "a*" * 40 + "x"])
def test_hostile_patterns_cost_a_step_per_letter(pattern: str) -> None:
    assert not contains("a" * 20_000, pattern)


@given(st.text(max_size=30) | st.text("ab()[]^$*+?\\|-dw", max_size=30))
def test_any_pattern_is_read_or_refused(pattern: str) -> None:
    assert usable(pattern) in (True, False)
