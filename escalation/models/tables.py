"""Decision tables and their versions (R63-R66)."""

from django.conf import settings
from django.db import models

from core.models import AssignmentGroup, Domain
from escalation.models.flows import Subflow
from incidents.choices import Stage


class DecisionTable(models.Model):
    """A named policy; its newest published version decides."""

    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    domain = models.ForeignKey(
        Domain,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="Empty: holds for every domain that has no table of its own.",
    )
    description = models.TextField(blank=True)

    class Meta:
        constraints = [
            # Two, because not every database can count empty domains as equal.
            models.UniqueConstraint(fields=["key", "domain"], name="one_table_per_key_and_domain"),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(domain=None),
                name="one_table_per_key_for_all",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TableVersion(models.Model):
    """A set of rows; a published version is never edited again."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    table = models.ForeignKey(DecisionTable, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    comment = models.CharField(max_length=240, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["table"],
                condition=models.Q(state="published"),
                name="one_published_version_per_table",
            ),
        ]
        permissions = [("publish_decisiontable", "Can publish decision tables")]

    def __str__(self) -> str:
        return f"{self.table} v{self.number}"


class DecisionRow(models.Model):
    """Conditions on the left, assignment group and subflow on the right; the first fit wins."""

    ANY = "*"

    version = models.ForeignKey(TableVersion, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=40, help_text="A category's value; * fits any.")
    subcategory = models.CharField(max_length=40, help_text="A subcategory's value; * fits any.")
    stage = models.CharField(
        max_length=16,
        blank=True,
        choices=[*Stage.choices, (ANY, "(any)")],
        help_text="The stage the incident is in now; (none) fits an incident without a stage.",
    )
    priority = models.CharField(
        max_length=20, blank=True, help_text="Priorities it holds for, such as 1,2; empty: any."
    )
    group = models.ForeignKey(
        AssignmentGroup,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="assignment group",
    )
    subflow = models.ForeignKey(Subflow, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="one_row_per_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"Row {self.position}"
