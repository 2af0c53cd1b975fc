"""Service offerings and the items customers have installed (R88, C.6)."""

from django.db import models

from accounts.models import Account, Contact, Contract, Location, Product, SoldProduct
from cmdb.models.items import ConfigurationItem
from core.models import AssignmentGroup, DomainModel


class ServiceOffering(DomainModel):
    """A service with its commitments: availability, scope, pricing, packaging (R15)."""

    name = models.CharField(max_length=120)
    service = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="offerings"
    )
    availability = models.CharField(max_length=40, blank=True)
    commitments = models.TextField(blank=True)
    support_group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class InstallBaseItem(DomainModel):
    """What ties an account to a configuration item or service."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="install_base")
    ci = models.ForeignKey(
        ConfigurationItem,
        on_delete=models.CASCADE,
        related_name="install_base",
        verbose_name="configuration item",
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sold_product = models.ForeignKey(
        SoldProduct, null=True, blank=True, on_delete=models.SET_NULL, related_name="install_base"
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    active = models.BooleanField(default=True, help_text="In use; inactive items affect nobody.")

    class Meta(DomainModel.Meta):
        indexes = [
            models.Index(
                fields=["ci", "account"],
                name="active_install_base_by_ci",
                condition=models.Q(active=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
