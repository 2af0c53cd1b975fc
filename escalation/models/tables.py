"""Decision tables and their versions (R63-R66)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.errors import Refused
from core.models import AssignmentGroup, Domain
from escalation.decision import Condition, Row
from escalation.decision.conditions import condition_from
from escalation.models.flows import Subflow

POLICY = "incident_escalation_policy"


class DecisionTable(models.Model):
    """A named policy; its newest published version decides."""

    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.SlugField(
        max_length=80, default=POLICY, help_text="What the table decides; known to the code."
    )
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
    # Counts the savings of a draft, so that nobody overwrites what they have not seen.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # When the scheduler is to publish the draft, and in whose name.
    publish_at = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["table"],
                condition=models.Q(state="published"),
                name="one_published_version_per_table",
            ),
        ]
        permissions = [
            ("publish_decisiontable", "Can publish decision tables"),
            ("replay_decisiontable", "Can replay decision tables over past incidents"),
        ]

    def __str__(self) -> str:
        return f"{self.table} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class DecisionRow(models.Model):
    """Conditions on the left, results on the right; the first fit wins.

    Groups and subflows are columns, so that the database keeps what a row names from being
    deleted; results of other types stand in `outputs`.
    """

    version = models.ForeignKey(TableVersion, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    # The same row in every copy, so that versions can be compared.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    conditions: Any = models.JSONField(
        default=dict,
        blank=True,
        help_text='By input: an operator and its values, such as {"stage": ["is", "l1"]}.',
    )
    group = models.ForeignKey(
        AssignmentGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="assignment group",
    )
    subflow = models.ForeignKey(
        Subflow, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outputs: Any = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Why the row is there.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="one_row_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.position}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row of a draft; `Refused` where the version decides or has decided."""
        self._only_in_drafts()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row of a draft; `Refused` elsewhere."""
        self._only_in_drafts()
        return super().delete(*args, **kwargs)

    def as_row(self) -> Row:
        """Return the row as the pure functions take it."""
        return Row(
            position=self.position,
            conditions=self.parsed_conditions(),
            outputs={**self.outputs, "group": self.group_id, "subflow": self.subflow_id},
            key=str(self.uid),
            note=self.note,
        )

    def parsed_conditions(self) -> dict[str, Condition]:
        """Return the conditions as their own type; `BadCondition` for what is none."""
        return {key: condition_from(stored) for key, stored in self.conditions.items()}

    def _only_in_drafts(self) -> None:
        if not self.version.is_draft:
            raise Refused(f"{self.version} is {self.version.get_state_display()}: copy it first.")
