"""What every test may ask for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from core.models import User
from core.schedule import tick
from core.scope import everything
from core.wake import drains


@pytest.fixture(autouse=True)
def all_domains_in_view() -> Iterator[None]:
    """Tests act on behalf of the instance unless they state a narrower scope."""
    with everything():
        yield


@pytest.fixture
def now() -> datetime:
    return timezone.now().astimezone(UTC)


@pytest.fixture
def work() -> Callable[[], None]:
    """Return a function that does all due background work, as a worker would."""

    def until_nothing_is_left() -> None:
        while sum(run() for run in drains().values()):
            pass

    return until_nothing_is_left


@pytest.fixture
def scheduler_tick() -> Callable[[], int]:
    return tick


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(username: str = "somebody", **values: object) -> User:
        return User.objects.create_user(username=username, **values)  # type: ignore[arg-type]

    return make
