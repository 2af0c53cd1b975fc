"""A version that decides, or has decided, is never edited again."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Refused
from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.publishing import draft_from
from escalation.tables.reading import published_version

pytestmark = pytest.mark.django_db
migration = import_module("escalation.migrations.0002_general_decision_rows")


@pytest.fixture
def current(base: None) -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


def test_rows_of_a_published_version_are_neither_saved_nor_deleted(current: TableVersion) -> None:
    row = current.rows.get(position=1)
    row.note = "quietly changed"
    with pytest.raises(Refused, match="is Published: copy it first"):
        row.save()
    with pytest.raises(Refused, match="copy it first"):
        row.delete()
    draft = draft_from(version_id=current.pk)
    copy = draft.rows.get(position=1)
    copy.note = "changed in the open"
    copy.save()
    assert copy.uid == row.uid


def test_the_database_refuses_what_goes_around_the_model(current: TableVersion) -> None:
    if connection.vendor != "postgresql":
        assert current.rows.count() == 20
        return
    for change in (
        lambda: current.rows.update(note="x"),
        lambda: current.rows.filter(position=1)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
            change()
    assert current.rows.filter(note="").count() == 20


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("sd_wan", "*", "", ""), {"category": ["is", "sd_wan"], "stage": ["is_empty"]}),
        (("*", "link", "*", "1"), {"subcategory": ["is", "link"], "priority": ["is", 1]}),
        (("*", "*", "l1", "2, 1"), {"stage": ["is", "l1"], "priority": ["one_of", 1, 2]}),
    ],
)
def test_fixed_columns_become_conditions(
    columns: tuple[str, str, str, str], expected: dict[str, object]
) -> None:
    names = ("category", "subcategory", "stage", "priority")
    row = SimpleNamespace(**dict(zip(names, columns, strict=True)))
    assert migration.conditions_of(row) == expected
