"""An upgrade brings new rights to roles, and never what a site took away."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from core.models import RoleContainment, ShippedRights
from workspace.configuration import access
from workspace.configuration.shipped import Loaded, entries

pytestmark = pytest.mark.django_db
remember_rights = import_module("core.migrations.0002_machine_access").remember_rights


@pytest.fixture
def ship(base: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Loaded]:
    """Load the roles as if the named ones were shipped with more."""

    def load(**more: dict[str, list[str]]) -> Loaded:
        shipped = entries("base", "roles", "role")
        for entry in shipped:
            for kind, names in more.get(entry["name"], {}).items():
                entry[kind] = [*entry[kind], *names]
        monkeypatch.setattr(access, "entries", lambda *_: shipped)
        return access.load_roles()

    return load


def may(role: str, codename: str) -> bool:
    return Group.objects.filter(name=role, permissions__codename=codename).exists()


def contains(role: str, inner: str) -> bool:
    return RoleContainment.objects.filter(role__name=role, contained__name=inner).exists()


def test_a_role_gains_what_is_shipped_since(ship: Callable[..., Loaded]) -> None:
    loaded = ship(wm_read={"permissions": ["core.view_domain"], "contains": ["wm_initiator"]})
    assert may("wm_read", "view_domain")
    assert contains("wm_read", "wm_initiator")
    assert (loaded.created, loaded.refreshed) == (0, 1)


def test_what_a_site_took_away_stays_away(ship: Callable[..., Loaded]) -> None:
    role = Group.objects.get(name="wm_read")
    role.permissions.clear()
    RoleContainment.objects.filter(role__name="wm_agent").delete()
    ship(wm_read={"permissions": ["core.view_domain"]})
    ship()
    assert [right.codename for right in role.permissions.all()] == ["view_domain"]
    assert not contains("wm_agent", "wm_read")

    role.permissions.clear()
    ship(wm_read={"permissions": ["core.view_domain"]})
    assert not role.permissions.exists()


def test_what_a_site_gave_already_is_no_trouble(ship: Callable[..., Loaded]) -> None:
    right = Permission.objects.get(codename="view_domain")
    Group.objects.get(name="wm_read").permissions.add(right)
    ship(wm_read={"permissions": ["core.view_domain"]})
    assert may("wm_read", "view_domain")


def test_a_role_of_the_site_with_a_shipped_name_keeps_what_the_site_made(
    ship: Callable[..., Loaded],
) -> None:
    Group.objects.filter(name="wm_read").delete()
    Group.objects.create(name="wm_read")
    ship()
    assert not Group.objects.get(name="wm_read").permissions.exists()


def test_a_site_from_before_gets_rights_that_did_not_exist_then(
    ship: Callable[..., Loaded],
) -> None:
    role = Group.objects.get(name="wm_read")
    role.permissions.clear()
    ShippedRights.objects.all().delete()
    remember_rights(apps, None)
    kind: Any = Permission.objects.get(codename="view_domain").content_type
    Permission.objects.create(codename="paint_domain", name="Can paint", content_type=kind)
    ship(wm_read={"permissions": ["core.paint_domain", "core.view_domain"]})
    assert [right.codename for right in role.permissions.all()] == ["paint_domain"]
