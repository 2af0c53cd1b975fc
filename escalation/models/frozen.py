"""Versions that nobody edits once they were published."""

from typing import Any, ClassVar

from django.db import models

from core.errors import Refused


class FrozenUnlessDraft(models.Model):
    """A version with a state; `kept_when_published` names what stays for ever after the draft."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    kept_when_published: ClassVar[tuple[str, ...]] = ()

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; raises `Refused` where a published version would change."""
        before = type(self)._base_manager.filter(pk=self.pk).exclude(state=self.State.DRAFT)
        for row in before.values(*self.kept_when_published):
            if any(getattr(self, name) != value for name, value in row.items()):
                raise Refused(f"{self} is published; make a new draft of it.")
            if self.state == self.State.DRAFT:
                raise Refused(f"{self} was published and is no draft any more.")
        super().save(*args, **kwargs)
