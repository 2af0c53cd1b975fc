"""A published table, a draft of it, and people to open both."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.models import Role, User
from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.publishing import draft_from
from escalation.tables.reading import published_version
from incidents.actions import open_incident
from incidents.models import Incident
from tests.world import People


@pytest.fixture
def current(base: None) -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


@pytest.fixture
def draft(current: TableVersion, people: People) -> TableVersion:
    return draft_from(version_id=current.pk, by=people.ada)


@pytest.fixture
def ada(people: People, client_as: Callable[[User], Client]) -> Client:
    return client_as(people.ada)


@pytest.fixture
def incident(people: People, current: TableVersion, now: Any, work: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Link down",
        values={"category": "sd_wan", "subcategory": "link_failure"},
    )
    work()
    opened.refresh_from_db()
    return opened


@pytest.fixture
def person(make_user: Any, client_as: Any) -> Callable[..., Client]:
    def with_roles(*roles: str) -> Client:
        user = make_user(f"person-{len(roles)}-{roles[0] if roles else 'none'}")
        for name in roles:
            user.groups.add(Role.objects.get(name=name))
        return client_as(User.objects.get(pk=user.pk))  # type: ignore[no-any-return]

    return with_roles
