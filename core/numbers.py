"""Hand out record numbers without making creators wait for each other (R5).

PostgreSQL sequences do the counting: a number is unique, never handed out twice and not rolled
back. Databases without sequences count in the series' row.
"""

from django.db import connection
from django.db.models import F

from core.models import NumberSeries


def next_number(prefix: str) -> str:
    """Return the next number of the series, for example `INC0010002`."""
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """Return `count` fresh numbers of the series in ascending order."""
    series = series_of(prefix)
    return [f"{prefix}{n:0{series.digits}d}" for n in _take(series, count)]


def series_of(prefix: str) -> NumberSeries:
    """Return the series, made on first use."""
    series, created = NumberSeries.objects.get_or_create(prefix=prefix)
    if created:
        ensure_sequence(prefix)
    return series


def sequence_name(prefix: str) -> str:
    """Return the name of the sequence behind a series; prefixes are letters only."""
    if not prefix.isalpha():
        raise ValueError(f"A number prefix is made of letters; {prefix!r} is not.")
    return f"core_number_{prefix.lower()}"


def ensure_sequence(prefix: str) -> None:
    """Make the sequence behind the series where the database has sequences."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence_name(prefix)} START 10001")


def reserve_up_to(prefix: str, last: int) -> None:
    """Make sure no number up to `last` is handed out again (imports bring their own)."""
    series_of(prefix)
    if connection.vendor == "postgresql":
        name = sequence_name(prefix)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT setval('{name}', GREATEST(%s, (SELECT last_value FROM {name})))",  # noqa: S608
                [last],
            )
    NumberSeries.objects.filter(prefix=prefix, last__lt=last).update(last=last)


def _take(series: NumberSeries, count: int) -> list[int]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT nextval('{sequence_name(series.prefix)}') FROM generate_series(1, %s)",  # noqa: S608
                [count],
            )
            return sorted(row[0] for row in cursor.fetchall())
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + count)
    last = NumberSeries.objects.values_list("last", flat=True).get(pk=series.pk)
    return list(range(last - count + 1, last + 1))
