"""System properties: declared in code, valued in a table."""

import pytest

from core import properties
from core.models import Domain, SystemProperty
from core.sync import sync_properties

pytestmark = pytest.mark.django_db


@pytest.fixture
def threshold() -> "properties.Property[int]":
    prop = properties.integer("psew.threshold", default=2, help="How many.", aliases=("old.name",))
    sync_properties()
    return prop


def set_value(text: str, domain: Domain | None = None) -> None:
    SystemProperty.objects.update_or_create(
        name="psew.threshold", domain=domain, defaults={"value": text}
    )


def test_without_a_row_or_text_the_default_holds(threshold: "properties.Property[int]") -> None:
    set_value("")
    assert threshold.value() == 2
    SystemProperty.objects.all().delete()
    assert threshold.value() == 2


def test_the_domains_value_beats_the_instances(
    threshold: "properties.Property[int]", tenant: Domain
) -> None:
    set_value("3")
    set_value("7", tenant)

    assert (threshold.value(), threshold.value(1), threshold.value(tenant.pk)) == (3, 3, 7)


def test_an_alias_finds_the_property(threshold: "properties.Property[int]") -> None:
    assert properties.find("old.name") is threshold
    assert properties.find("psew.threshold") is threshold
    assert properties.find("nothing") is None


@pytest.mark.usefixtures("threshold")
def test_what_admins_set_survives_the_next_start() -> None:
    set_value("5")
    sync_properties()

    row = SystemProperty.objects.get(name="psew.threshold")
    assert (row.value, row.default, row.aliases, row.kind) == ("5", "2", "old.name", "integer")


def test_a_bad_number_is_refused(threshold: "properties.Property[int]") -> None:
    with pytest.raises(properties.BadValue):
        threshold.check("many")


@pytest.mark.parametrize(("text", "value"), [("true", True), (" No ", False), ("1", True)])
def test_a_boolean_is_read_from_the_words_people_use(text: str, value: bool) -> None:
    prop = properties.boolean("psew.box", default=True, help="")
    assert prop.read(text) is value
    assert prop.default_text() == "true"
    with pytest.raises(properties.BadValue):
        prop.check("perhaps")


def test_a_text_with_choices_takes_no_other() -> None:
    prop = properties.text("psew.form", default="a", help="", choices=("a", "b"))
    prop.check("b")
    with pytest.raises(properties.BadValue):
        prop.check("c")


def test_a_number_may_have_a_least() -> None:
    prop = properties.integer("psew.days", default=3, help="", least=1)
    prop.check("1")
    with pytest.raises(properties.BadValue, match="less than 1"):
        prop.check(" 0 ")
    with pytest.raises(properties.BadValue, match="less than 0"):
        properties.integer("psew.count", default=3, help="").check("-5")
