"""The querysets every tenant-owned record shares."""

from typing import Any, TypeVar

from django.db import models

from core.scope import current_scope

M = TypeVar("M", bound=models.Model)


class RecordQuerySet(models.QuerySet[M]):
    """Chainable filters common to all records."""

    def in_scope(self) -> "RecordQuerySet[M]":
        """Keep what the active scope may see; raises `core.scope.NoScope` without one."""
        ids = current_scope().domain_ids
        return self if ids is None else self.filter(domain_id__in=ids)


class ScopedManager(models.Manager.from_queryset(RecordQuerySet)[M]):  # type: ignore[misc]
    """Filter every query by the active scope (fail closed)."""

    def get_queryset(self) -> RecordQuerySet[M]:
        return super().get_queryset().in_scope()  # type: ignore[no-any-return]

    @classmethod
    def of(cls, queryset_class: type[RecordQuerySet[Any]]) -> Any:
        """Return a scoped manager that also offers this queryset's methods."""
        return cls.from_queryset(queryset_class)()
