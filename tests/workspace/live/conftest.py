"""People of two tenants who look at records."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.models import Domain, Role, User
from incidents.actions import open_incident
from incidents.models import Incident

OPERATOR = "sn_ind_tsm_core.noc_agent"


@pytest.fixture
def tenants(people: Any) -> SimpleNamespace:
    """North and South, with an operator each."""
    made = SimpleNamespace()
    for name in ("north", "south"):
        domain = Domain.objects.create(name=name, parent_id=1)
        user = User.objects.create_user(f"{name}_agent", domain=domain)
        user.groups.add(Role.objects.get(name=OPERATOR))
        setattr(made, name, user)
    return made


@pytest.fixture
def opened(people: Any, now: datetime) -> Callable[..., Incident]:
    """Return what opens an incident in somebody's domain."""

    def make(title: str = "Edge down", *, by: User | None = None) -> Incident:
        return open_incident(
            by=actor_of(by or people.nadia), now=now, short_description=title, values={}
        )

    return make


@pytest.fixture
def changes(client_as: Callable[[User], Client]) -> Callable[..., Any]:
    """Return what asks for the changes as somebody."""

    def ask(user: User, after: int = 0) -> Any:
        return client_as(user).get("/live/changes", {"after": after}).json()

    return ask
