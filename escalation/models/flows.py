"""Flows, and subflows with their steps and versions (R43, R47, R48)."""

from typing import Any

from django.conf import settings
from django.db import models

from core.models import AssignmentGroup
from escalation.models.frozen import FrozenUnlessDraft
from incidents.choices import Stage


class Subflow(models.Model):
    """An ordered list of steps with the message they post (R47).

    What stands here and in its steps is what runs; `SubflowVersion` keeps how it came about.
    """

    name = models.CharField(max_length=120, unique=True)
    key = models.SlugField(max_length=80, unique=True)
    subcategory = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=16, choices=Stage.choices, blank=True)
    group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    message_key = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    escalate_after = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Minutes after which psew escalates by itself; empty: people escalate.",
    )
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="The number of the version that runs; 0: none yet."
    )

    class Meta:
        permissions = [("publish_subflow", "Can publish versions of subflows")]

    def __str__(self) -> str:
        return self.name


class SubflowStep(models.Model):
    """One registered step with its options, checked against the step's own type when saved."""

    subflow = models.ForeignKey(Subflow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    options: Any = models.JSONField(default=dict, blank=True)
    # All of them must hold for the step to be done: see escalation/conditions.py.
    conditions: Any = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subflow", "position"],
                name="one_step_per_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.step}"


class SubflowVersion(FrozenUnlessDraft):
    """How a subflow is meant to work; once published it is never edited again."""

    subflow = models.ForeignKey(Subflow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # See escalation/designs.py.
    design: Any = models.JSONField(default=dict)
    # Counts the changes of a draft, so that nobody overwrites what he has not seen.
    revision = models.PositiveIntegerField(default=1)
    comment = models.CharField(max_length=240, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    kept_when_published = ("subflow_id", "number", "design", "comment")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subflow", "number"], name="one_subflow_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["subflow"],
                condition=models.Q(state="published"),
                name="one_published_version_per_subflow",
            ),
            models.UniqueConstraint(
                fields=["subflow"],
                condition=models.Q(state="draft"),
                name="one_draft_per_subflow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subflow} v{self.number}"


class Flow(models.Model):
    """What starts by itself for incidents of one category and subcategory (R43, R48)."""

    name = models.CharField(max_length=120, unique=True)
    category = models.CharField(max_length=40)
    subcategory = models.CharField(max_length=40)
    initial_subflow = models.ForeignKey(
        Subflow,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Runs when no decision row answers for an incident without a stage (X10).",
    )
    description = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "subcategory"], name="one_flow_per_category_and_subcategory"
            )
        ]

    def __str__(self) -> str:
        return self.name
