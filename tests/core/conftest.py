"""A record to act on and reactions that live for one test only."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from changes.models import ChangeRequest
from core import bus, properties
from core.models import AssignmentGroup, Domain, OAuthClient, Role, User
from core.models.tokens import hashed, new_secret

SECRET = new_secret()


@pytest.fixture
def record(db: None, now: datetime) -> ChangeRequest:
    """Any record will do; a change request is the lowest one."""
    return ChangeRequest.objects.create(number="CHG1", short_description="Upgrade", opened_at=now)


@pytest.fixture
def another_record(db: None, now: datetime) -> ChangeRequest:
    return ChangeRequest.objects.create(number="CHG2", short_description="Renew", opened_at=now)


@pytest.fixture
def tenant(db: None) -> Domain:
    return Domain.objects.create(name="Tenant", parent_id=1)


@pytest.fixture(autouse=True)
def forget_what_tests_declare() -> Iterator[None]:
    """Put the registries back as the apps filled them."""
    by_event = {event: list(group) for event, group in bus._reactions.items()}
    by_key, by_name = dict(bus._by_key), dict(properties._registry.by_name)
    yield
    for held, before in (
        (bus._reactions, by_event),
        (bus._by_key, by_key),
        (properties._registry.by_name, by_name),
    ):
        held.clear()  # type: ignore[attr-defined]
        held.update(before)  # type: ignore[attr-defined]


@pytest.fixture
def heard() -> list[int]:
    """Ids of the events a test's reaction has heard, in order."""
    return []


@pytest.fixture
def listen(heard: list[int]) -> Callable[..., None]:
    """Register a reaction to `test.happened` that notes what it hears."""

    def listen(handler: Callable[[Any], None] | None = None, **values: Any) -> None:
        facts = {"rule": "Test rule", "table": "change", "help": "For a test."}
        react = bus.react_to("test.happened", **{**facts, **values})
        react(handler or (lambda event: heard.append(event.pk)))

    return listen


@pytest.fixture
def role(db: None) -> Callable[..., Role]:
    def make(name: str, *contained: Group) -> Role:
        made = Role.objects.create(name=name)
        for inner in contained:
            made.containments.create(contained=inner)
        return made

    return make


@pytest.fixture
def team(db: None) -> Callable[..., AssignmentGroup]:
    def make(name: str, *members: User, roles: tuple[Group, ...] = ()) -> AssignmentGroup:
        made = AssignmentGroup.objects.create(name=name)
        made.members.set(members)
        made.roles.set(roles)
        return made

    return make


@pytest.fixture
def staff(
    make_user: Callable[..., User], client_as: Callable[[User], Client]
) -> Callable[..., Client]:
    """Return a browser of somebody who may do only what is named in the admin."""

    def make(*codenames: str, **values: object) -> Client:
        user = make_user("keeper", is_staff=True, **values)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return client_as(user)

    return make


@pytest.fixture
def fms(make_user: Callable[..., User]) -> OAuthClient:
    return OAuthClient.objects.create(
        user=make_user("fms", is_api_client=True),
        name="FMS",
        digest=hashed(SECRET),
        scopes=["tickets:read", "tickets:write"],
    )
