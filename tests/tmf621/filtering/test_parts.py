"""A part tells what it asks about and lets itself be put in other words."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tmf621.filtering.asking import documents, parts, paths
from tmf621.filtering import Part, Path, matches, normalised, read_query, to_expression
from tmf621.filtering.parts import Compare, Operator

V5 = {
    ("relatedParty", "partyOrPartyRole"): ("relatedParty",),
    ("externalIdentifier", "id"): ("externalId",),
    ("statusChangeHistory",): ("statusChange",),
    ("statusChangeHistory", "statusChangeDate"): ("statusChange", "changeDate"),
}


def only(key: str, value: str) -> Part:
    [part] = read_query([(key, value)], reserved=()).parts
    return part


def test_it_names_its_paths() -> None:
    assert only("note.author", "x").paths() == (("note", "author"),)
    asked = only("filter", "$.note[?(@.author=='x' && (@.text=~'y' || @.author))]")
    assert asked.paths() == (("note", "author"), ("note", "text"))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("status", "held,2", (("status",), ("held", "2"))),
        ("a.b", "true", (("a", "b"), ("true",))),
        ("filter", "$[?(@.status=='x' || @.status=='y')]", (("status",), ("x", "y"))),
        ("filter", "$[?(@.severity==1)]", None),
        ("filter", "$[?(@.severity=='1' || @.severity==true)]", None),
        ("filter", "$[?(@.status=='x' && @.severity=='1')]", None),
        ("status.gt", "held", None),
    ],
)
def test_it_says_whether_it_is_plain_equality(
    key: str, value: str, told: tuple[Path, tuple[str, ...]] | None
) -> None:
    assert only(key, value).equality() == told


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("relatedParty.partyOrPartyRole.id", "x", "$.relatedParty.id[?(@ == 'x')]"),
        ("relatedParty.role", "x", "$.relatedParty.role[?(@ == 'x')]"),
        ("externalIdentifier.id", "x", "$.externalId[?(@ == 'x')]"),
        ("statusChangeHistory.statusChangeDate", "x", "$.statusChange.changeDate[?(@ == 'x')]"),
        (
            "filter",
            "relatedParty[?(@.role=='r' && @.partyOrPartyRole.id=='x')]",
            "$.relatedParty[?(@.role == 'r' && @.id == 'x')]",
        ),
        ("filter", "externalIdentifier[?(@.id=='x')]", "$[?(@.externalId == 'x')]"),
        (
            "filter",
            "statusChangeHistory[?(@.statusChangeDate>'x' && @.status=='y')]",
            "$.statusChange[?(@.changeDate > 'x' && @.status == 'y')]",
        ),
    ],
)
def test_paths_are_put_in_other_words(key: str, value: str, told: str) -> None:
    assert to_expression(only(key, value).with_paths(V5)) == told


@given(parts, documents)
def test_an_empty_mapping_changes_nothing(part: Part, document: object) -> None:
    assert matches(part.with_paths({}), document) == matches(part, document)
    assert part.with_paths({}) == part


def test_values_are_put_in_other_words() -> None:
    def change(path: Path, text: str) -> Iterable[str]:
        assert path == ("note", "status")
        return {"in progress": ["inProgress"], "waiting": ["pending", "held"]}.get(text, [text])

    asked = only("note.status", "in progress,waiting,inProgress")
    assert asked.with_values(change).equality() == (
        ("note", "status"),
        ("inProgress", "pending", "held"),
    )
    for left in (only("note.status.gt", "waiting"), only("filter", "note[?(@.status==1)]")):
        assert left.with_values(change) == left


def test_a_number_follows_its_text() -> None:
    words = {"1": ["2"], "2": ["high"]}
    asked = only("severity", "1,2,3").with_values(lambda _, text: words.get(text, [text]))
    assert (
        to_expression(asked)
        == "$.severity[?(@ == '2' || @ == 2 || @ == 'high' || @ == '3' || @ == 3)]"
    )
    assert asked.equality() == (("severity",), ("2", "high", "3"))
    typed = only("filter", "$[?(@.a=='1' || @.a==5)]")
    changed = typed.with_values(lambda _, text: words.get(text, [text]))
    assert to_expression(changed) == "$[?(@.a == '2' || @.a == 5)]"


@given(paths)
def test_without_values_nothing_fits(path: Path) -> None:
    asked = Part(path, Compare((), Operator.EQ, ("x",))).with_values(lambda _, text: [])
    assert not matches(asked, {"a": "x", "b": {"a": "x"}})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-02-24T08:32:52Z", "2024-02-24T08:32:52.000Z"),
        ("2024-02-24t10:32:52.1149999999+02:00", "2024-02-24T08:32:52.114Z"),
        ("2024-02-24T23:30:00-01:00", "2024-02-25T00:30:00.000Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("2024-02-30T00:00:00Z", "2024-02-30T00:00:00Z"),
        ("2024-02-24T08:32:52", "2024-02-24T08:32:52"),
        ("2024-02-24", "2024-02-24"),
        ("at 2024-02-24T08:32:52Z", "at 2024-02-24T08:32:52Z"),
        ("٢٠٢٤-02-24T08:32:52Z", "٢٠٢٤-02-24T08:32:52Z"),
    ],
)
def test_moments_are_normalised(text: str, told: str) -> None:
    assert normalised({"a": [{"b": text}, 1, None]}) == {"a": [{"b": told}, 1, None]}


@given(st.text() | st.datetimes().map(lambda at: at.isoformat() + "+05:30"))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
