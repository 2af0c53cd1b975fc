"""What every test may ask for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis.internal.conjecture import providers

from core.models import AssignmentGroup, User
from core.schedule import tick
from core.scope import everything
from core.wake import drains
from tests import world
from workspace.configuration.base import load_base

# Hypothesis draws from the constants of whatever modules happen to be loaded; then a part of the
# suite tries other examples than the whole of it. The same ones everywhere are worth more.
_NO_CONSTANTS = providers._local_constants
providers._get_local_constants = lambda: _NO_CONSTANTS


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


@pytest.fixture
def base(request: pytest.FixtureRequest, now: datetime) -> None:
    """The configuration every site gets."""
    transactional = request.node.get_closest_marker("django_db")
    flushes = transactional is not None and transactional.kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if flushes else "db")
    load_base(now=now)


@pytest.fixture
def people(base: None) -> world.People:
    return world.make_people()


@pytest.fixture
def groups(base: None) -> SimpleNamespace:
    names = {"coordinators": "Network Coordinators", "l1": "L1 Network Engineering"}
    return SimpleNamespace(
        **{key: AssignmentGroup.objects.get(name=name) for key, name in names.items()}
    )


@pytest.fixture
def otto(base: None) -> User:
    return world.make_otto()


@pytest.fixture
def topology(base: None) -> SimpleNamespace:
    return world.make_topology()


@pytest.fixture
def client_as() -> Callable[[User], Client]:
    def client(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return client
