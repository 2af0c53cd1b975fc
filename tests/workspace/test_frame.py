"""The frame around every page."""

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from core.models import User
from workspace.context import shell
from workspace.icons import ICONS
from workspace.parts import NavItem


def navigation(path: str, user: User | AnonymousUser) -> list[NavItem]:
    request = RequestFactory().get(path)
    request.user = user
    items: list[NavItem] = shell(request)["nav"]
    return items


def person(*permissions: str, **values: object) -> User:
    """Return somebody whose permissions are known already."""
    user = User(**values)
    user._perm_cache = set(permissions)
    return user


def test_a_visitor_gets_a_bare_page() -> None:
    assert navigation("/sign-in", AnonymousUser()) == []


def test_the_frame_asks_the_database_nothing_but_the_permissions() -> None:
    items = navigation("/", person(username="ncoord1", theme="dark"))
    assert [item.label for item in items if item.current] == ["Home"]


def test_a_record_belongs_to_its_list() -> None:
    items = navigation("/incidents/INC0010001/", person())
    assert [item.label for item in items if item.current] == ["Incidents"]


def test_only_staff_sees_the_admin() -> None:
    assert "Admin" not in [item.label for item in navigation("/", person())]
    assert "Admin" in [item.label for item in navigation("/", person(is_staff=True))]


def test_only_who_may_use_the_ticket_api_sees_its_pages() -> None:
    labels = [item.label for item in navigation("/console/", person("tmf621.use_ticket_api"))]
    assert {"Test console", "API reference"} <= set(labels)
    assert "Test console" not in [item.label for item in navigation("/", person(is_staff=True))]


def test_every_entry_has_an_icon_and_its_own_key() -> None:
    items = navigation("/", person("tmf621.use_ticket_api", is_staff=True))
    keys = [item.key for item in items if item.key]
    assert {item.icon for item in items} <= set(ICONS)
    assert len(keys) == len(set(keys))
