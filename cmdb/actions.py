"""Create and change configuration items and the relations between them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cmdb.attributes import BadAttribute, read_all
from cmdb.classes import attributes_of
from cmdb.models import CIClass, CIRelation, ConfigurationItem
from core.actor import Actor
from core.errors import MissingField, Refused
from core.models import default_domain

EDITABLE = frozenset(
    {
        "name",
        "external_id",
        "status",
        "address",
        "critical",
        "support_group",
        "managed_by",
        "attributes",
    }
)


@transaction.atomic
def create_item(
    *,
    ci_class: str,
    name: str,
    by: Actor,
    now: datetime,
    values: dict[str, Any] | None = None,
    domain_id: int | None = None,
) -> ConfigurationItem:
    """Create an item of the named class; its attributes are checked by the class (R141-R146).

    Errors: `MissingField` for an empty name, `Refused` for an unknown class, field or attribute.
    """
    if not name.strip():
        raise MissingField("name", "A configuration item needs a name.")
    owner = CIClass.objects.filter(name=ci_class).first()
    if owner is None:
        raise Refused(f"There is no CI class {ci_class!r}.")
    item = ConfigurationItem(
        name=name.strip(),
        ci_class=owner,
        domain_id=domain_id or (by.user.domain_id if by.user else default_domain()),
    )
    _set(item, values or {})
    item.save()
    return item


@transaction.atomic
def update_item(
    *, item_id: int, values: dict[str, Any], by: Actor, now: datetime
) -> ConfigurationItem:
    """Change fields of an item; `attributes` are merged, an empty one is removed."""
    item: ConfigurationItem = ConfigurationItem.objects.select_for_update().get(pk=item_id)
    _set(item, values)
    item.save()
    return item


def _set(item: ConfigurationItem, values: dict[str, Any]) -> None:
    unknown = sorted(set(values) - EDITABLE)
    if unknown:
        raise Refused(f"These fields cannot be set here: {', '.join(unknown)}.")
    for name, value in values.items():
        setattr(item, name, _checked(item, value) if name == "attributes" else value)


def _checked(item: ConfigurationItem, values: dict[str, Any]) -> dict[str, Any]:
    try:
        return read_all(attributes_of(item.ci_class), {**item.attributes, **values})
    except BadAttribute as error:
        raise MissingField(error.name, str(error)) from error


@transaction.atomic
def relate(*, parent_id: int, child_id: int, type_id: int, by: Actor, now: datetime) -> CIRelation:
    """Say that the parent depends on the child (or as the type says); doing it twice is once.

    The relation belongs to the parent's domain. Errors: `Refused` for an item with itself.
    """
    if parent_id == child_id:
        raise Refused("An item cannot relate to itself.")
    parent = ConfigurationItem.objects.get(pk=parent_id)
    child = ConfigurationItem.objects.get(pk=child_id)
    relation, _ = CIRelation.objects.get_or_create(
        parent=parent, child=child, type_id=type_id, defaults={"domain_id": parent.domain_id}
    )
    return relation


@transaction.atomic
def unrelate(*, relation_id: int, by: Actor, now: datetime) -> bool:
    """Take a relation away; False when it was gone already."""
    count, _ = CIRelation.objects.filter(pk=relation_id).delete()
    return count > 0
