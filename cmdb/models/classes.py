"""CI classes and relation types are data, so that a site adds its own (R146)."""

from typing import Any

from django.db import models


class CIClass(models.Model):
    """A class of configuration items; it inherits its parents' attributes.

    Inheritance lives in this tree and not in tables: the impact walk stays one statement over
    one table however many classes a site adds (docs/decisions/0003-one-table-for-all-cis.md).
    """

    name = models.CharField(max_length=80, unique=True, help_text="Such as cmdb_ci_sdwan_edge.")
    label = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    aliases: Any = models.JSONField(default=list, blank=True, help_text="Other names it goes by.")
    description = models.TextField(blank=True)
    icon = models.CharField(max_length=40, default="box")
    is_service = models.BooleanField(default=False, help_text="Shown as an impacted service.")
    rank = models.PositiveSmallIntegerField(default=5, help_text="Column in the impact graph.")
    attributes: Any = models.JSONField(
        default=list,
        blank=True,
        help_text="Own attributes: a list of {name, label, kind, help, choices}; "
        "kind is text, int, date, bool, ip or choice.",
    )

    class Meta:
        verbose_name = "CI class"
        verbose_name_plural = "CI classes"

    def __str__(self) -> str:
        return self.label


class RelationType(models.Model):
    """How two items relate: *parent* depends on, contains or is managed by *child*."""

    class Impact(models.TextChoices):
        UP = "up", "From child to parent"
        DOWN = "down", "From parent to child"
        NONE = "none", "None"

    class Redundancy(models.TextChoices):
        NONE = "", "Neither stands in for the other"
        CHILD = "child", "The child stands in for the parent"
        BOTH = "both", "Each stands in for the other"

    name = models.CharField(max_length=80, unique=True, help_text="Such as Depends on::Used by.")
    parent_label = models.CharField(max_length=60)
    child_label = models.CharField(max_length=60)
    impact = models.CharField(
        max_length=4,
        choices=Impact.choices,
        default=Impact.UP,
        help_text="Which way a fault travels along the relation.",
    )
    redundancy = models.CharField(
        max_length=5,
        choices=Redundancy.choices,
        blank=True,
        default=Redundancy.NONE,
        help_text="Who takes over when the other fails; then customers are at risk, not down.",
    )

    def __str__(self) -> str:
        return self.name
