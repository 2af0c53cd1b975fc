"""Whom an incident hits and why: affected CIs, impacted services, affected accounts (R86-R95)."""

from typing import Any

from django.db import models

from accounts.models import Account
from cmdb.models import ConfigurationItem, InstallBaseItem
from cmdb.queries import Effect
from incidents.models.incidents import Incident


class ImpactRow(models.Model):
    """What the three kinds share: where the row came from and the path that explains it."""

    manual = models.BooleanField(
        "added by hand", default=False, help_text="Rows added by hand survive a refresh."
    )
    # The names from the affected item to this row, for people; ids are in `path`.
    path: Any = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class AffectedCI(ImpactRow):
    """An item at fault."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected_cis")
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "affected CI"
        constraints = [
            models.UniqueConstraint(fields=["incident", "ci"], name="one_row_per_affected_ci")
        ]

    def __str__(self) -> str:
        return f"{self.ci}"


class HitRow(ImpactRow):
    """What the fault reaches; rows added by hand have no effect anybody computed."""

    effect = models.CharField(max_length=8, choices=Effect.choices, blank=True)

    class Meta:
        abstract = True


class ImpactedService(HitRow):
    """A service that depends on an item at fault."""

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="impacted_services"
    )
    service = models.ForeignKey(ConfigurationItem, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "service"], name="one_row_per_impacted_service"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}"


class AffectedAccount(HitRow):
    """A customer whose installed items depend on an item at fault, or who has a case (R89)."""

    class Source(models.TextChoices):
        INSTALL_BASE = "install_base", "Install base"
        CASE = "case", "Case"
        MANUAL = "manual", "Added by hand"

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="affected_accounts"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=14, choices=Source.choices, default=Source.INSTALL_BASE)
    install_base_item = models.ForeignKey(
        InstallBaseItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_reason = models.CharField("why added by hand", max_length=160, blank=True)
    excluded = models.BooleanField(default=False, help_text="Left out of proactive cases.")
    excluded_reason = models.CharField(max_length=160, blank=True)
    excluded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "account"], name="one_row_per_affected_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}"
