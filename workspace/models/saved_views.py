"""Views of lists that people keep: a name for an address (ux C.1).

A view holds nothing but an address, so that opening it shows no more than its reader may see.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import AssignmentGroup, User
from core.models.domains import DomainModel
from core.querysets import ScopedManager


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Filters over kept views."""

    def kept(self) -> "SavedViewQuerySet":
        return self.filter(removed_at=None)

    def visible_to(self, user: User) -> "SavedViewQuerySet":
        groups = user.assignment_groups.values("pk")
        return self.filter(Q(owner=user) | Q(group__in=groups) | Q(public=True))


class SavedView(DomainModel):
    """A kept view: its owner's, a group's or everybody's."""

    list_name = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.TextField(max_length=4000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    public = models.BooleanField(default=False)
    # A removed view can be brought back.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(SavedViewQuerySet)()  # type: ignore[misc]

    class Meta(DomainModel.Meta):
        default_permissions = ()
        permissions = [("publish_view", "Can keep list views for groups and everybody")]
        indexes = [models.Index(fields=["list_name", "owner"], name="saved_view_by_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(public=False) | Q(group=None),
                name="a_view_is_a_groups_or_everybodys",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audience(self) -> str:
        """Return who sees it, as its tab says."""
        return "everybody" if self.public else str(self.group) if self.group_id else "you"

    def may_be_changed_by(self, user: User) -> bool:
        """Tell whether the user may change or remove it: its owner, and leaders for shared ones."""
        shared = self.public or self.group_id is not None
        return self.owner_id == user.pk or (shared and user.has_perm("workspace.publish_view"))


class UsualView(models.Model):
    """The view a list opens with, for one person or for the members of a group."""

    list_name = models.CharField(max_length=20)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="usual_views",
    )
    group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="usual_for")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["list_name", "user"], name="one_usual_view_per_user"),
            models.UniqueConstraint(fields=["list_name", "group"], name="one_usual_view_per_group"),
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(group=None), name="a_usual_view_is_for_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_name}: {self.view}"
