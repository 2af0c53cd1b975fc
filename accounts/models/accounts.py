"""Accounts, their people and places (C.7)."""

from django.conf import settings
from django.db import models

from core.models import DomainModel


class Account(DomainModel):
    """A customer (class *account*) or a plain company (R126)."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        COMPANY = "company", "Company"

    class Tier(models.TextChoices):
        GOLD = "gold", "Gold"
        SILVER = "silver", "Silver"
        BRONZE = "bronze", "Bronze"
        NONE = "", "None"

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(
        "class",
        max_length=8,
        choices=Kind.choices,
        default=Kind.ACCOUNT,
        help_text="Only accounts have the 360 page; companies have the plain page.",
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    tier = models.CharField("rank tier", max_length=8, choices=Tier.choices, blank=True)
    employees = models.PositiveIntegerField("number of employees", null=True, blank=True)
    active = models.BooleanField(default=True)
    website = models.URLField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    account_code = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)

    class Meta(DomainModel.Meta):
        indexes = [models.Index(fields=["name", "id"], name="account_by_name")]

    def __str__(self) -> str:
        return self.name


class Location(DomainModel):
    """A place a caller, contact or installed item is at."""

    name = models.CharField(max_length=120)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="locations"
    )
    address = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Contact(DomainModel):
    """A person one talks to: a customer's contact, or a caller without an account (R7)."""

    name = models.CharField(max_length=120)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=80, blank=True)
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    language = models.CharField(
        max_length=8,
        blank=True,
        help_text="Such as de; messages are sent in it where a text exists. Empty: en.",
    )
    is_primary = models.BooleanField(
        default=False, help_text="Receives the notices for the whole account (R104)."
    )
    active = models.BooleanField(default=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact",
        help_text="Sign-in to the customer portal.",
    )

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_primary=True),
                name="one_primary_contact_per_account",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AccountTeamMember(DomainModel):
    """One of our people who looks after the account (R134)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account_teams"
    )
    responsibility = models.CharField(max_length=80)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user", "responsibility"],
                name="a_team_member_is_listed_once_per_responsibility",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.responsibility}"
