"""Give a question to the database so much time and no more."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

CANCELED = "57014"


class TooSlow(Exception):
    """The database was told to stop; the question has no answer."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Let no statement of the block run longer; raises `TooSlow`.

    Only PostgreSQL can be told so; elsewhere the block takes the time it takes. The block reads.
    """
    if connection.vendor != "postgresql":
        yield
        return
    nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            before = _limit(f"{milliseconds}ms")
            yield
            if nested:
                _limit(before)
    except OperationalError as error:
        # Both drivers tell the reason, by different names.
        cause = error.__cause__
        if CANCELED not in (getattr(cause, "sqlstate", ""), getattr(cause, "pgcode", "")):
            raise
        raise TooSlow from error


def _limit(wanted: str) -> str:
    """Set the limit for the rest of the transaction and return the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before: str = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [wanted])
    return before
