"""Items are made by their class and related by actions."""

from datetime import datetime

import pytest

from cmdb.actions import create_item, relate, unrelate, update_item
from cmdb.classes import attributes_of, class_tree
from cmdb.models import CIClass, CIRelation, ConfigurationItem, RelationType
from core.actor import SYSTEM
from core.errors import MissingField, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def classes() -> dict[str, CIClass]:
    root = CIClass.objects.create(
        name="root", label="Root", attributes=[{"name": "site", "kind": "text"}]
    )
    gear = CIClass.objects.create(name="gear", label="Gear", parent=root, aliases=["Netgear"])
    edge = CIClass.objects.create(
        name="edge", label="Edge", parent=gear, attributes=[{"name": "mtu", "kind": "int"}]
    )
    return {"root": root, "gear": gear, "edge": edge}


def make(name: str, ci_class: str, now: datetime, **values: object) -> ConfigurationItem:
    return create_item(ci_class=ci_class, name=name, by=SYSTEM, now=now, values=values)


def test_an_item_has_own_and_inherited_attributes(
    classes: dict[str, CIClass], now: datetime
) -> None:
    item = make("vEdge_21", "edge", now, attributes={"site": "Graz", "mtu": "1500"})

    assert [a.name for a in attributes_of(classes["edge"])] == ["site", "mtu"]
    assert item.attributes == {"site": "Graz", "mtu": 1500}


@pytest.mark.usefixtures("classes")
def test_a_bad_attribute_names_its_field(now: datetime) -> None:
    with pytest.raises(MissingField) as refused:
        make("vEdge_21", "edge", now, attributes={"mtu": "wide"})
    assert refused.value.field == "mtu"


@pytest.mark.usefixtures("classes")
def test_unknown_classes_and_fields_are_refused(now: datetime) -> None:
    with pytest.raises(Refused, match="no CI class"):
        make("x", "nothing", now)
    with pytest.raises(Refused, match="uid"):
        make("x", "edge", now, uid="mine")
    with pytest.raises(MissingField):
        make(" ", "edge", now)


@pytest.mark.usefixtures("classes")
def test_changing_attributes_keeps_the_others(now: datetime) -> None:
    item = make("vEdge_21", "edge", now, attributes={"site": "Graz", "mtu": 1500})

    values = {"attributes": {"site": ""}, "status": "down"}
    update_item(item_id=item.pk, values=values, by=SYSTEM, now=now)

    item.refresh_from_db()
    assert (item.attributes, item.status) == ({"mtu": 1500}, "down")


@pytest.mark.usefixtures("classes")
def test_a_query_on_the_parent_class_returns_items_of_classes_below(now: datetime) -> None:
    edge, gear = make("e", "edge", now), make("g", "gear", now)
    make("r", "root", now)

    assert set(ConfigurationItem.objects.of_class("Netgear")) == {edge, gear}
    assert list(ConfigurationItem.objects.of_class("unknown")) == []


@pytest.mark.usefixtures("classes")
def test_the_tree_lists_children_under_their_parent() -> None:
    assert [(b.ci_class.name, b.depth) for b in class_tree()] == [
        ("root", 0),
        ("gear", 1),
        ("edge", 2),
    ]


@pytest.mark.usefixtures("classes")
def test_relating_twice_is_once_and_unrelating_twice_is_harmless(now: datetime) -> None:
    over, under = make("o", "edge", now), make("u", "edge", now)
    kind = RelationType.objects.create(name="Uses", parent_label="uses", child_label="used by")
    ends = {"parent_id": over.pk, "child_id": under.pk, "type_id": kind.pk}

    first = relate(**ends, by=SYSTEM, now=now)
    assert relate(**ends, by=SYSTEM, now=now) == first
    assert CIRelation.objects.count() == 1
    with pytest.raises(Refused):
        relate(parent_id=over.pk, child_id=over.pk, type_id=kind.pk, by=SYSTEM, now=now)

    assert unrelate(relation_id=first.pk, by=SYSTEM, now=now)
    assert not unrelate(relation_id=first.pk, by=SYSTEM, now=now)
