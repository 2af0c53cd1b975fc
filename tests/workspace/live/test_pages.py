"""Which pages are live, and what the script of a record gets."""

import re
from datetime import datetime
from typing import Any

import pytest

from cases.actions import open_case
from changes.actions import open_change
from core.actor import actor_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["incidents", "tasks", "cases", "changes"])
def test_lists_of_work_are_live(people: Any, client_as: Any, settings: Any, name: str) -> None:
    settings.LIVE_PORT = 8017
    page = client_as(people.ada).get(f"/lists/{name}/?view=all").content.decode()
    assert page.count("data-live ") == 1
    assert 'data-stream="http://testserver:8017/live/stream"' in page


@pytest.mark.parametrize("name", ["accounts", "outages", "alerts"])
def test_lists_without_events_do_not_pretend(people: Any, client_as: Any, name: str) -> None:
    page = client_as(people.ada).get(f"/lists/{name}/?view=all").content.decode()
    assert "data-live" not in page


def test_only_a_list_that_is_whole_says_so(people: Any, opened: Any, client_as: Any) -> None:
    browser = client_as(people.ada)
    for n in range(26):
        opened(f"Fault {n}")
    whole = browser.get("/lists/incidents/?view=all&size=50").content.decode()
    part = browser.get("/lists/incidents/?view=all&size=25").content.decode()
    assert "data-whole" in whole
    assert "data-whole" not in part


def test_a_record_is_drawn_again_without_its_frame(
    people: Any, opened: Any, client_as: Any
) -> None:
    browser, incident = client_as(people.nadia), opened()
    path = f"/incidents/{incident.number}/"
    browser.post(f"{path}note", {"kind": "work_note", "text": "Look", "next": "/"})
    part = browser.get(path, headers={"x-live": "1"}).content.decode()
    assert "<html" not in part
    for name in ("record-title", "record-actions", "facts", "stream"):
        assert f'id="{name}"' in part
    # The words about what was done wait for the person's own page.
    assert "Added the work note." in browser.get(path).content.decode()


def test_cases_tasks_and_changes_are_drawn_again_too(
    people: Any, now: datetime, client_as: Any, topology: Any
) -> None:
    browser, by = client_as(people.ada), actor_of(people.ada)
    case = open_case(by=by, now=now, short_description="No internet")
    change = open_change(by=by, now=now, short_description="Upgrade", values={})
    for path in (f"/cases/{case.number}/", f"/changes/{change.number}/"):
        page = browser.get(path).content.decode()
        part = browser.get(path, headers={"x-live": "1"}).content.decode()
        parts = re.findall('data-parts="([^"]*)"', page)[0].split()
        assert "data-presence" in page
        assert all(f'id="{name}"' in part for name in parts if name != "children")
        assert "<html" not in part


def test_a_foreign_record_is_not_drawn(tenants: Any, opened: Any, client_as: Any) -> None:
    foreign = opened(by=tenants.south)
    path = f"/incidents/{foreign.number}/"
    assert client_as(tenants.north).get(path, headers={"x-live": "1"}).status_code == 404
