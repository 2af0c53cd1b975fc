"""A question gets so much time and no more, and what follows is as it was."""

import pytest
from django.db import connection

from core.models import Domain
from core.patience import TooSlow, at_most

pytestmark = pytest.mark.django_db


def ask(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def test_a_quick_answer_comes() -> None:
    with at_most(5000):
        assert Domain.objects.count() >= 1


def test_a_slow_one_is_given_up_and_the_limit_ends_with_it() -> None:
    if connection.vendor != "postgresql":
        with at_most(1):
            assert Domain.objects.count() >= 1
        return
    before = ask("SHOW statement_timeout")
    with pytest.raises(TooSlow), at_most(20):
        ask("SELECT pg_sleep(5)")
    assert ask("SHOW statement_timeout") == before
    with at_most(20):
        pass
    assert ask("SHOW statement_timeout") == before
