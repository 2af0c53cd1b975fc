"""System properties and business rules: declared in code, valued and switched in tables."""

from django.conf import settings
from django.db import models

from core.models.domains import Domain


class SystemProperty(models.Model):
    """A property's value for the instance or, where a domain is named, for that domain alone."""

    name = models.CharField(max_length=120)
    domain = models.ForeignKey(
        Domain,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="Empty: holds for every domain that has no value of its own.",
    )
    value = models.TextField(blank=True)
    kind = models.CharField(max_length=20, editable=False)
    aliases = models.TextField(
        blank=True, editable=False, help_text="Other names the document uses for it."
    )
    description = models.TextField(blank=True, editable=False)
    default = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name_plural = "system properties"
        constraints = [
            # Two, because not every database can count empty domains as equal.
            models.UniqueConstraint(
                fields=["name", "domain"], name="one_value_per_property_and_domain"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(domain=None),
                name="one_value_per_property_for_all",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BusinessRule(models.Model):
    """A reaction that admins may switch off; its code is declared with `core.bus.react_to`."""

    class When(models.TextChoices):
        AFTER = "after", "After, in the same transaction"
        ASYNC = "async", "Async, by a worker"

    name = models.CharField(max_length=120, unique=True)
    table = models.CharField(max_length=80)
    event = models.CharField(max_length=200)
    when = models.CharField(max_length=8, choices=When.choices)
    order = models.PositiveIntegerField(default=100)
    active = models.BooleanField(default=True)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class BusinessRuleOverride(models.Model):
    """Switch a rule differently for one domain (R178)."""

    rule = models.ForeignKey(BusinessRule, on_delete=models.CASCADE, related_name="overrides")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE)
    active = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "domain"], name="one_override_per_domain")
        ]

    def __str__(self) -> str:
        return f"{self.rule} in {self.domain}"


class SettingChange(models.Model):
    """That somebody set a property or switched a rule; nothing edits it afterwards."""

    subject = models.CharField(max_length=20)  # property | rule | subflow
    name = models.CharField(max_length=120)
    domain = models.ForeignKey(Domain, null=True, blank=True, on_delete=models.CASCADE)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "name", "-id"], name="setting_history")]

    def __str__(self) -> str:
        return f"{self.name}: {self.old} → {self.new}"
