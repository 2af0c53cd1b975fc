"""Filters over configuration items that read as adjectives."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from cmdb.models.classes import CIClass

if TYPE_CHECKING:
    from cmdb.models.items import ConfigurationItem  # noqa: F401  (named in a string below)


class ConfigurationItemQuerySet(models.QuerySet["ConfigurationItem"]):
    """Filters over configuration items."""

    def of_class(self, name: str) -> "ConfigurationItemQuerySet":
        """Keep items of the named class (or alias) and of all classes below it (R141-R145)."""
        return self.filter(ci_class_id__in=class_and_below(name))

    def services(self) -> "ConfigurationItemQuerySet":
        return self.filter(ci_class__is_service=True)

    def matching(self, words: str) -> "ConfigurationItemQuerySet":
        """Keep items whose name contains, or id or address starts with, the words."""
        return self.filter(
            Q(name__icontains=words)
            | Q(external_id__istartswith=words)
            | Q(address__istartswith=words)
        )


def class_and_below(name: str) -> set[int]:
    """Return the ids of the class of this name or alias and of its descendants."""
    rows = list(CIClass.objects.values_list("pk", "name", "aliases", "parent_id"))
    children: dict[int | None, list[int]] = {}
    for pk, _, _, parent in rows:
        children.setdefault(parent, []).append(pk)
    todo = [pk for pk, own, aliases, _ in rows if name == own or name in (aliases or [])]
    found: set[int] = set()
    while todo:
        pk = todo.pop()
        if pk not in found:
            found.add(pk)
            todo.extend(children.get(pk, []))
    return found
