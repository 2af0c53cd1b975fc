"""Flows, subflows with their steps, and the messages they post (R47, R48, R74-R78)."""

from typing import Any

from django.db import models

from core.models import AssignmentGroup, Domain
from incidents.choices import Stage


class Message(models.Model):
    """Instructions for one persona at one level, edited by admins (R75)."""

    key = models.CharField(max_length=120, help_text="Such as sd_wan.device_failure.l2.")
    language = models.CharField(max_length=8, default="en")
    domain = models.ForeignKey(
        Domain,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="Empty: holds for every domain that has no text of its own.",
    )
    text = models.TextField(help_text="Markdown. Placeholders such as {{ ci.name }} are filled in.")
    shipped_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            # Two, because not every database can count empty domains as equal.
            models.UniqueConstraint(
                fields=["key", "language", "domain"], name="one_message_per_key_language_and_domain"
            ),
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=models.Q(domain=None),
                name="one_message_per_key_language_for_all",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Subflow(models.Model):
    """An ordered list of steps with the message they post (R47)."""

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

    def __str__(self) -> str:
        return self.name


class SubflowStep(models.Model):
    """One registered step with its options, checked against the step's own type when saved."""

    subflow = models.ForeignKey(Subflow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    options: Any = models.JSONField(default=dict, blank=True)
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
