"""Users, roles that contain roles, and assignment groups that grant them (R79-R83)."""

from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.db import models

from core.models.domains import Domain, default_domain


class User(AbstractUser):
    """A person or an API client that acts in psew."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMPACT = "compact", "Compact"
        COMFORTABLE = "comfortable", "Comfortable"

    domain = models.ForeignKey(
        Domain, on_delete=models.PROTECT, default=default_domain, related_name="users"
    )
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMPACT)
    # The workspace's other choices; it knows what may be in there.
    preferences: Any = models.JSONField(default=dict, blank=True, editable=False)
    is_api_client = models.BooleanField(
        default=False, help_text="A machine: signs in with a token, never in the browser."
    )

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(Group):
    """A Django group that carries one of the document's role names."""

    class Meta:
        proxy = True
        verbose_name = "role"


class RoleContainment(models.Model):
    """One role includes all that another grants (R79)."""

    role = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="containments")
    contained = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="contained_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "contained"], name="a_role_is_contained_once"),
            models.CheckConstraint(
                condition=~models.Q(role=models.F("contained")), name="a_role_never_contains_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} contains {self.contained}"


class ShippedRights(models.Model):
    """What the base configuration gave a role so far: news are told from what a site took away."""

    role = models.OneToOneField(
        Group, on_delete=models.CASCADE, primary_key=True, related_name="shipped_rights"
    )
    permissions: Any = models.JSONField(default=list)
    contains: Any = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.role)


class AssignmentGroup(models.Model):
    """A team that work is assigned to; its members hold the roles it grants (R82, R83)."""

    name = models.CharField(max_length=120, unique=True)
    domain = models.ForeignKey(
        Domain, on_delete=models.PROTECT, default=default_domain, related_name="+"
    )
    description = models.CharField(max_length=240, blank=True)
    email = models.EmailField(blank=True, help_text="Where the whole team is notified.")
    active = models.BooleanField(default=True)
    roles = models.ManyToManyField(
        Group, blank=True, related_name="assignment_groups", help_text="Granted to every member."
    )
    members = models.ManyToManyField(User, blank=True, related_name="assignment_groups")

    def __str__(self) -> str:
        return self.name

    def has_member(self, user: "User | None") -> bool:
        """Tell whether this active user belongs to the team."""
        return user is not None and user.is_active and self.members.filter(pk=user.pk).exists()
