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


def test_a_visitor_gets_a_bare_page() -> None:
    assert navigation("/sign-in", AnonymousUser()) == []


def test_the_frame_asks_the_database_nothing() -> None:
    items = navigation("/", User(username="ncoord1", theme="dark"))
    assert [item.label for item in items if item.current] == ["Home"]


def test_a_record_belongs_to_its_list() -> None:
    items = navigation("/incidents/INC0010001/", User())
    assert [item.label for item in items if item.current] == ["Incidents"]


def test_only_staff_sees_the_admin() -> None:
    assert "Admin" not in [item.label for item in navigation("/", User())]
    assert "Admin" in [item.label for item in navigation("/", User(is_staff=True))]


def test_every_entry_has_an_icon_and_its_own_key() -> None:
    items = navigation("/", User(is_staff=True))
    keys = [item.key for item in items if item.key]
    assert {item.icon for item in items} <= set(ICONS)
    assert len(keys) == len(set(keys))
