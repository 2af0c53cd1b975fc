"""Number series such as INC0010001."""

from django.db import models


class NumberSeries(models.Model):
    """Prefix and width of a record type's numbers; gaps are allowed, repeats are not (R5)."""

    prefix = models.CharField(max_length=10, primary_key=True)
    digits = models.PositiveSmallIntegerField(default=7)
    # Only databases without sequences count here, see core/numbers.py.
    last = models.BigIntegerField(default=10000, editable=False)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return self.prefix
