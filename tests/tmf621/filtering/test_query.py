"""What a query string asks for, in every spelling that is in use."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmf621.filtering import BadFilter, Filter, read_query, to_expression

RESERVED = ("fields", "offset", "limit", "sort")


def read(*pairs: tuple[str, str]) -> list[str]:
    return [to_expression(part) for part in read_query(pairs, reserved=RESERVED).parts]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("status", "held", "$.status[?(@ == 'held')]"),
        ("status.eq", "held", "$.status[?(@ == 'held')]"),
        ("status.exact", "held", "$.status[?(@ == 'held')]"),
        ("note.author", "ems-1", "$.note.author[?(@ == 'ems-1')]"),
        ("note.@type", "comments", "$.note.@type[?(@ == 'comments')]"),
        ("eq", "x", "$.eq[?(@ == 'x')]"),
        ("a", "x,y;z", "$.a[?(@ == 'x' || @ == 'y' || @ == 'z')]"),
        ("a", "x,,x,", "$.a[?(@ == 'x')]"),
        ("a", "x;a=y", "$.a[?(@ == 'x' || @ == 'y')]"),
        ("a.gt", "x;a.gt=y", "$.a[?(@ > 'x' || @ > 'y')]"),
        ("a", "a=y", "$.a[?(@ == 'a=y')]"),
        ("a", '"x,y;z",w', "$.a[?(@ == 'x,y;z' || @ == 'w')]"),
        ("a", '"say ""hi""";a="b"', "$.a[?(@ == 'say \"hi\"' || @ == 'b')]"),
        ("a", '5" pipe', "$.a[?(@ == '5\" pipe')]"),
        ("a", '""', "$.a[?(@ == '')]"),
        ("a", "300", "$.a[?(@ == '300' || @ == 300)]"),
        ("a", "-1.50", "$.a[?(@ == '-1.50' || @ == -1.50)]"),
        ("a", "007", "$.a[?(@ == '007')]"),
        ("a", "1e9", "$.a[?(@ == '1e9')]"),
        ("a", "true", "$.a[?(@ == 'true' || @ == true)]"),
        ("a", "null", "$.a[?(@ == 'null')]"),
        ("a.gt", "5", "$.a[?(@ > '5' || @ > 5)]"),
        ("a.gte", "x", "$.a[?(@ >= 'x')]"),
        ("a.lt", "x", "$.a[?(@ < 'x')]"),
        ("a.lte", "true", "$.a[?(@ <= 'true')]"),
        ("a.regex", "x.*y", "$.a[?(@ =~ 'x.*y')]"),
        ("a>x", "", "$.a[?(@ > 'x')]"),
        ("a<x", "", "$.a[?(@ < 'x')]"),
        ("a>", "x", "$.a[?(@ >= 'x')]"),
        ("a<", "x", "$.a[?(@ <= 'x')]"),
        ("a>=x", "", "$.a[?(@ >= 'x')]"),
        ("a<=x", "", "$.a[?(@ <= 'x')]"),
        ("a>x", "y", "$.a[?(@ > 'x=y')]"),
        ("a*", "x", "$.a[?(@ =~ 'x')]"),
        ("a*=x", "", "$.a[?(@ =~ 'x')]"),
        ("a=~x", "", "$.a[?(@ =~ 'x')]"),
        ("at>2013-04-20", "", "$.at[?(@ > '2013-04-20')]"),
        ("at.gt", "2013-04-20T01:00:00+02:00", "$.at[?(@ > '2013-04-19T23:00:00.000Z')]"),
        ("at.gt", "2013-04-20T01:00:00 02:00", "$.at[?(@ > '2013-04-19T23:00:00.000Z')]"),
        ("filter", "a[?(@size==300)]", "$.a[?(@.size == 300)]"),
    ],
)
def test_spellings(key: str, value: str, told: str) -> None:
    assert read((key, value)) == [told]


def test_one_attribute_twice_is_or_and_two_attributes_are_and() -> None:
    assert read(("a", "x"), ("b", "y"), ("a.eq", "z"), ("a.gt", "v")) == [
        "$.a[?(@ == 'x' || @ == 'z')]",
        "$.b[?(@ == 'y')]",
        "$.a[?(@ > 'v')]",
    ]


def test_every_expression_must_hold() -> None:
    assert len(read(("filter", "a[?(@.b)]"), ("filter", "a[?(@.c)]"))) == 2


def test_reserved_names_are_passed_over() -> None:
    assert read_query([(name, "1") for name in RESERVED], reserved=RESERVED) == Filter()
    assert read(("limits", "1")) == ["$.limits[?(@ == '1' || @ == 1)]"]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("a", "", "a: name a value."),
        ("a", ",;", "a: name a value."),
        ("a>", "", "a: name a value."),
        ("a", '"x', "a: a quoted value does not end."),
        ("a", '"x"y', "a: a comma belongs after the quoted value."),
        ("a", "x" * 301, "a: a value has at most 300 characters."),
        ("a", "x," * 51, "a: at most 50 values are taken at once."),
        ("a", "x\0", "a: a value holds a character no text can hold."),
        ("a", "\ud800", "a: a value holds a character no text can hold."),
        ("a!", "x", "'a!' is no attribute's name."),
        ("a..b", "x", "'a..b' is no attribute's name."),
        ("", "x", "'' is no attribute's name."),
        ("a.b.c.d.e.f.g", "x", "a.b.c.d.e.f.g: a path has at most 6 names."),
        ("a*x", "", "a: * is no operator; write *= or .regex=."),
        (
            "a.regex",
            "(a+)+",
            "a: the pattern cannot be used, position 6: "
            "what is repeated may hold no repetition and no anchor.",
        ),
    ],
)
def test_refusals(key: str, value: str, sentence: str) -> None:
    with pytest.raises(BadFilter) as refused:
        read((key, value))
    assert str(refused.value) == sentence


def test_at_most_twenty_filters() -> None:
    pairs = [(f"a{n}", "x") for n in range(20)]
    assert len(read(*pairs)) == 20
    with pytest.raises(BadFilter, match="At most 20"):
        read(*pairs, ("filter", "a[?(@.b)]"))


def test_a_refusal_names_the_attribute() -> None:
    with pytest.raises(BadFilter) as refused:
        read(("note.text.regex", "a{9}"))
    assert refused.value.attribute == "note.text"


@given(
    st.lists(st.tuples(st.text() | st.text("ab.<>*=~eq"), st.text() | st.text('a,;"=')), max_size=3)
)
def test_any_query_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(BadFilter):
        assert len(read_query(pairs, reserved=()).parts) <= len(pairs)
