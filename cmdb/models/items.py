"""Configuration items and the relations between them (R141-R146)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from cmdb.models.classes import CIClass, RelationType
from cmdb.querysets import ConfigurationItemQuerySet
from core.models import AssignmentGroup, DomainModel
from core.querysets import ScopedManager


class ConfigurationItem(DomainModel):
    """A device, port, circuit or service that can be affected."""

    class Status(models.TextChoices):
        OPERATIONAL = "operational", "Operational"
        DEGRADED = "degraded", "Degraded"
        DOWN = "down", "Down"
        RETIRED = "retired", "Retired"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    external_id = models.CharField(
        max_length=120, blank=True, help_text="Its id in the fault-management system."
    )
    ci_class = models.ForeignKey(
        CIClass, on_delete=models.PROTECT, related_name="items", verbose_name="class"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPERATIONAL)
    address = models.CharField("management address", max_length=80, blank=True)
    attributes: Any = models.JSONField(default=dict, blank=True)
    critical = models.BooleanField(
        default=False, help_text="A critical service: its customers are told first."
    )
    support_group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    managed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedManager.from_queryset(ConfigurationItemQuerySet)()  # type: ignore[misc]

    class Meta(DomainModel.Meta):
        verbose_name = "configuration item"
        indexes = [
            models.Index(fields=["name", "id"], name="ci_by_name"),
            models.Index(fields=["ci_class", "name", "id"], name="ci_by_class"),
            models.Index(
                fields=["external_id"],
                name="ci_by_external_id",
                condition=~models.Q(external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CIRelation(DomainModel):
    """One relation: `parent` depends on `child` (or as its type says)."""

    parent = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="child_relations"
    )
    child = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="parent_relations"
    )
    type = models.ForeignKey(RelationType, on_delete=models.PROTECT, related_name="relations")

    class Meta(DomainModel.Meta):
        verbose_name = "CI relation"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "type", "parent"], name="one_relation_of_a_type_between_two_items"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("child")), name="no_item_relates_to_itself"
            ),
        ]
        indexes = [models.Index(fields=["parent", "type", "child"], name="relation_downwards")]

    def __str__(self) -> str:
        return f"{self.parent} {self.type.parent_label} {self.child}"


class ServiceAssociation(DomainModel):
    """An explicit statement that a service runs on an item (C.5: svc_ci_assoc)."""

    ci = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="service_associations"
    )
    service = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="associated_items"
    )

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["ci", "service"], name="one_association_per_service")
        ]

    def __str__(self) -> str:
        return f"{self.service} on {self.ci}"
