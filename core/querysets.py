"""The manager every tenant-owned table shares."""

from typing import TypeVar

from django.db import models

from core.scope import current_scope

M = TypeVar("M", bound=models.Model)


class ScopedManager(models.Manager[M]):
    """Filter every query by the active scope; raises `core.scope.NoScope` without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        ids = current_scope().domain_ids
        rows = super().get_queryset()
        return rows if ids is None else rows.filter(domain_id__in=ids)
