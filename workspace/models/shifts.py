"""Hand-over notes and wall screens."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models import AssignmentGroup
from core.models.domains import DomainModel


class ShiftNote(DomainModel):
    """What one shift tells the next; pinned on home until a newer one takes its place."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shift_notes"
    )
    group = models.ForeignKey(
        AssignmentGroup,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Empty: for everybody of the domain.",
    )
    text = models.TextField(max_length=20_000)
    since = models.DateTimeField(help_text="When the shift began that it tells of.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(DomainModel.Meta):
        default_permissions = ("view",)
        indexes = [models.Index(fields=["-created_at", "-id"], name="shift_note_newest")]

    def __str__(self) -> str:
        return f"Hand-over by {self.author}"


class ShiftReceipt(models.Model):
    """Somebody has read a hand-over note."""

    note = models.ForeignKey(ShiftNote, on_delete=models.CASCADE, related_name="receipts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shift_receipts"
    )
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="a_note_is_read_once_by_each")
        ]

    def __str__(self) -> str:
        return f"{self.note} read by {self.user}"


class WallScreen(DomainModel):
    """A read-only address of the kiosk page for a screen on a wall; the key is kept as a hash."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="wall_screens",
        help_text="The screen shows what this person may see.",
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
