"""Knowledge articles agents find beside a record (R39)."""

from django.db import models

from core.models import DomainModel


class KnowledgeArticle(DomainModel):
    """A piece of written experience."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160)
    body = models.TextField(help_text="Markdown.")
    keywords = models.CharField(max_length=240, blank=True)
    published = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
