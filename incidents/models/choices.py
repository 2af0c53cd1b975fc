"""Choice lists an admin edits: categories, states, transitions and the priority matrix (C.1)."""

from django.db import models

from core.models import Priority
from incidents.choices import Level, State


class Category(models.Model):
    """What kind of thing is wrong, such as SD-WAN (R21)."""

    value = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.label


class Subcategory(models.Model):
    """What exactly is wrong, offered once its category is chosen (R21, R22)."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="subcategories")
    value = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "subcategories"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "value"], name="one_subcategory_value_per_category"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.label}"


class IncidentState(models.Model):
    """How a state is called here, in which order, and what the trouble-ticket API calls it."""

    value = models.CharField(max_length=16, choices=State.choices, unique=True)
    label = models.CharField(max_length=40)
    number = models.SmallIntegerField(help_text="The value other ITSM tools use (C.1).")
    order = models.PositiveSmallIntegerField(default=100)
    open = models.BooleanField(default=True)
    tmf_status = models.CharField("TMF621 status", max_length=20)

    def __str__(self) -> str:
        return self.label


class StateTransition(models.Model):
    """A move from one state to another that this site allows."""

    source = models.ForeignKey(IncidentState, on_delete=models.CASCADE, related_name="leads_to")
    target = models.ForeignKey(IncidentState, on_delete=models.CASCADE, related_name="comes_from")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], name="one_transition_between_two_states"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class PriorityRule(models.Model):
    """A cell of the priority matrix (R13)."""

    impact = models.PositiveSmallIntegerField(choices=Level.choices)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["impact", "urgency"],
                condition=models.Q(active=True),
                name="one_active_priority_per_cell",
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_impact_display()} × {self.get_urgency_display()} = "
            f"{self.get_priority_display()}"
        )
