"""JSONPath filters, as TM Forum and others write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmf621.filtering import BadFilter, read_expression, to_expression


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("attachment[?(@size==300)]", "$.attachment[?(@.size == 300)]"),
        ("attachment[?(@.size==300)]", "$.attachment[?(@.size == 300)]"),
        ("$.attachment[?(@.size==300)]", "$.attachment[?(@.size == 300)]"),
        ("$['attachment'][?(@['size']==300)]", "$.attachment[?(@.size == 300)]"),
        ("attachment[?@.size==300]", "$.attachment[?(@.size == 300)]"),
        (" attachment [?( @ . size  ==  300 ) ] ", "$.attachment[?(@.size == 300)]"),
        ("a.b[?(@.c.d<=-1.5)]", "$.a.b[?(@.c.d <= -1.5)]"),
        ("a[?(@.@type=='X')]", "$.a[?(@.@type == 'X')]"),
        ("a[?(@@type=='X')]", "$.a[?(@.@type == 'X')]"),
        ("a[?(@['@type']==\"X\")]", "$.a[?(@.@type == 'X')]"),
        ("a[?(@=='x')]", "$.a[?(@ == 'x')]"),
        ("a[?(@.url)]", "$.a[?(@.url)]"),
        ("a[?(@.b==true || @.b==null)]", "$.a[?(@.b == true || @.b == null)]"),
        ("$[?(@.status=='held')]", "$[?(@.status == 'held')]"),
        ("[?(@.status=='held')]", "$[?(@.status == 'held')]"),
        ("a[?(@.b=='it\\'s')]", "$.a[?(@.b == 'it\\'s')]"),
        ('a[?(@.b=="it\'s")]', "$.a[?(@.b == 'it\\'s')]"),
        ("a[?(@.b=~'\\d+')]", "$.a[?(@.b =~ '\\\\d+')]"),
        (
            "$.note[?(@.author=='ems-1' && @.text=~'.*down.*')]",
            "$.note[?(@.author == 'ems-1' && @.text =~ '.*down.*')]",
        ),
        ("a[?(@.b && @.c || @.d)]", "$.a[?(@.b && @.c || @.d)]"),
        ("a[?(@.b && (@.c || @.d))]", "$.a[?(@.b && (@.c || @.d))]"),
        ("a[?(((@.b)) && (@.c && @.d))]", "$.a[?(@.b && @.c && @.d)]"),
        ("a[?(@.b==1 || @.c || @.b==2)]", "$.a[?(@.b == 1 || @.b == 2 || @.c)]"),
        ("a[?(@.b>'2024-01-01T00:00:00+01:00')]", "$.a[?(@.b > '2023-12-31T23:00:00.000Z')]"),
    ],
)
def test_spellings(written: str, told: str) -> None:
    assert to_expression(read_expression(written)) == told


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "position 1: [? is expected."),
        ("attachment", "position 11: [? is expected."),
        ("attachment[0]", "position 12: an attribute's name in quotes is expected."),
        ("a[*].b[?(@.c)]", "position 3: this cannot be read."),
        ("$..a[?(@.b)]", "position 3: an attribute's name is expected."),
        ("$a[?(@.b)]", "position 2: [? is expected."),
        ("a[?(@.b=1)]", "position 8: this cannot be read."),
        (
            "a[?(@.b==)]",
            "position 10: a number, a text in quotes, true, false or null is expected.",
        ),
        (
            "a[?(@.b==x)]",
            "position 10: a number, a text in quotes, true, false or null is expected.",
        ),
        ("a[?(@.b==1e5)]", "position 10: this cannot be read."),
        ("a[?(@.b=='x)]", "position 10: this cannot be read."),
        ("a[?(@.b==1]", "position 11: ) is expected."),
        ("a[?(@.b==1)].c", "position 13: nothing more is read behind the bracket."),
        ("$[?(@==1)]", "position 6: an attribute's name is expected."),
        ("a[?(b==1)]", "position 5: @ is expected."),
        ("a[?(!@.b)]", "position 5: this cannot be read."),
        ("a[?(@.b>true)]", "position 9: a number or a text is expected."),
        ("a[?(@.b=~5)]", "position 10: a pattern in quotes is expected."),
        ("a[?(@.b.c.d.e.f.g==5)]", "position 18: a path has at most 6 names."),
        (
            "a[?(" + "(" * 9 + "@.b" + ")" * 10 + "]",
            "position 13: parentheses are nested at most 8 deep.",
        ),
    ],
)
def test_refusals(written: str, sentence: str) -> None:
    with pytest.raises(BadFilter) as refused:
        read_expression(written)
    assert (str(refused.value), refused.value.attribute) == (f"filter, {sentence}", "filter")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("a[?(@.b=='" + "x" * 301 + "')]", "a.b: a value has at most 300 characters."),
        ("a[?(@.b==1)]" + " " * 1000, "filter: an expression has at most 1000 characters."),
        ("a[?(@.b=~'a{2}')]", "a.b: the pattern cannot be used, position 2: "),
    ],
)
def test_limits(written: str, sentence: str) -> None:
    with pytest.raises(BadFilter) as refused:
        read_expression(written)
    assert str(refused.value).startswith(sentence)


@given(st.text() | st.text("a.@[?()]$'\"\\=!<>~&| 1-", max_size=40))
def test_any_text_is_read_or_refused(written: str) -> None:
    with contextlib.suppress(BadFilter):
        part = read_expression(written)
        assert read_expression(to_expression(part)) == part
