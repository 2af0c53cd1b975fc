"""Messages that subflows post, and every text they had (R74-R78)."""

from hashlib import sha256

from django.conf import settings
from django.db import models

from core.models import Domain


def hash_of(text: str) -> str:
    """Return what a shipped text is recognised by; empty for no text."""
    return sha256(text.encode()).hexdigest() if text else ""


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
    # Of the shipped text that was there when the text was last edited or reset.
    seen_shipped_hash = models.CharField(max_length=64, blank=True, editable=False)
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

    @property
    def changed_here(self) -> bool:
        """Tell whether the site's text is another than the shipped one."""
        return bool(self.shipped_text) and self.text != self.shipped_text

    @property
    def shipped_anew(self) -> bool:
        """Tell whether another text was shipped since the site edited its own."""
        return self.changed_here and self.seen_shipped_hash not in ("", hash_of(self.shipped_text))


class MessageVersion(models.Model):
    """A text a message had; never edited."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    comment = models.CharField(max_length=240, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "number"], name="one_message_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message} v{self.number}"
