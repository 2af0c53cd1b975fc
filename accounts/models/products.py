"""What customers bought and what they are entitled to (C.6, C.7)."""

from django.db import models

from accounts.models.accounts import Account, Contact
from core.models import DomainModel


class Product(DomainModel):
    """A product model that is sold."""

    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Contract(DomainModel):
    """A customer contract."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        EXPIRED = "expired", "Expired"
        CANCELED = "canceled", "Canceled"
        SUSPENDED = "suspended", "Suspended"

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contracts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    value = models.DecimalField(
        "yearly value", max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(max_length=3, default="USD")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class SoldProduct(DomainModel):
    """A product as sold to one account."""

    name = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sold_products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="sold")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    quantity = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Entitlement(DomainModel):
    """What a contract entitles an account to."""

    name = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="entitlements")
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="entitlements"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
