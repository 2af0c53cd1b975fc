"""Typed attributes of classes."""

import pytest

from cmdb.attributes import Attribute, BadAttribute, declared, inherited, read_all


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("text", " ge0/0 ", "ge0/0"),
        ("int", "1500", 1500),
        ("date", "2026-03-31", "2026-03-31"),
        ("bool", "Yes", True),
        ("ip", "2001:DB8::1", "2001:db8::1"),
        ("choice", "mpls", "mpls"),
        ("int", "", None),
    ],
)
def test_a_value_is_kept_in_its_kind(kind: str, text: str, kept: object) -> None:
    assert Attribute("a", "A", kind, choices=("mpls", "lte")).read(text) == kept


@pytest.mark.parametrize(
    ("kind", "text"),
    [("int", "many"), ("date", "31.3."), ("bool", "maybe"), ("ip", "10.0.0"), ("choice", "x25")],
)
def test_a_value_of_another_kind_is_refused_by_name(kind: str, text: str) -> None:
    with pytest.raises(BadAttribute) as refused:
        Attribute("mtu", "MTU", kind, choices=("mpls",)).read(text)
    assert refused.value.name == "mtu"
    assert str(refused.value).startswith("MTU: ")


@pytest.mark.parametrize(
    "row", [{"name": "two words"}, {"name": "a", "kind": "float"}, {"name": "a", "kind": "choice"}]
)
def test_a_broken_declaration_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(BadAttribute):
        declared([row])


def test_a_class_may_redefine_an_inherited_attribute() -> None:
    root = declared([{"name": "site"}, {"name": "model"}])
    leaf = declared([{"name": "site", "kind": "int"}])

    assert [(a.name, a.kind) for a in inherited([root, leaf])] == [
        ("site", "int"),
        ("model", "text"),
    ]


def test_an_unknown_attribute_is_refused_and_an_empty_one_is_dropped() -> None:
    known = declared([{"name": "mtu", "kind": "int"}])

    assert read_all(known, {"mtu": ""}) == {}
    with pytest.raises(BadAttribute):
        read_all(known, {"colour": "red"})
