"""What people type into a list's search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace.lists.grammar import Term, parse, write

VALUE = st.text(
    st.characters(exclude_characters='"\0', exclude_categories=("Cs", "Cc", "Z")),
    min_size=1,
    max_size=8,
)
TERMS = st.lists(
    st.one_of(
        st.builds(lambda v, n: Term((v,), "", n), VALUE, st.booleans()),
        st.builds(
            lambda f, v, n: Term(tuple(v), f, n),
            st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
            st.lists(VALUE, min_size=1, max_size=3),
            st.booleans(),
        ),
    ),
    max_size=4,
)


@given(TERMS)
def test_what_is_written_is_read_again(terms: list[Term]) -> None:
    text = write(terms)
    if len(text) <= 200:
        assert list(parse(text)) == terms


@given(st.text(max_size=300))
def test_whatever_is_typed_means_something(text: str) -> None:
    for term in parse(text):
        assert term.values
        assert all(term.values)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("link failure", [Term(("link",)), Term(("failure",))]),
        ('"link failure"', [Term(("link failure",))]),
        ("-resolved", [Term(("resolved",), "", True)]),
        ("state:new,on_hold", [Term(("new", "on_hold"), "state")]),
        ('-group:"L1 Network",x', [Term(("L1 Network", "x"), "group", True)]),
        ('"', []),
        ("", []),
    ],
)
def test_the_grammar(text: str, terms: list[Term]) -> None:
    assert list(parse(text)) == terms
