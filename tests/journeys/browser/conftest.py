"""A headless Chromium against the live server; a machine without one fails, it does not skip."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from core.actor import actor_of
from incidents.actions import open_incident
from incidents.models import Incident
from tests.journeys.browser.background import background
from tests.journeys.browser.desk import Desk, take_seat

# Two people at work at once: SQLite's in-memory database bears no request beside a test's changes.
if connection.vendor != "postgresql":
    collect_ignore_glob = ["test_live_*.py"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium() -> str:
    """Return the browser's path; fails with what to do where there is none."""
    found = os.environ.get("PSEW_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        pytest.fail("No Chromium found. Install one, or name it in PSEW_CHROMIUM.", pytrace=False)
    return found


# Playwright keeps an event loop on this thread: no longer than this folder's tests, and Django is
# told that its database calls beside it are meant.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=executable, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def site_url(live_server: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """The live server's address; a kept-alive connection keeps no session on the database."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    return str(live_server)


@pytest.fixture
def desk(browser: Browser, site_url: str) -> Iterator[Desk]:
    """A seat for one test; anything on the browser's console fails it."""
    seat = take_seat(browser, site_url)
    yield seat
    complaints = list(seat.complaints)
    seat.page.context.close()
    assert complaints == []


@pytest.fixture
def workers(desk: Desk, work: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Yield what brings background work forward, see `background`."""
    connection.ensure_connection()
    with background(lambda: desk.stand_still_while(work)) as catch_up:
        yield catch_up


@pytest.fixture
def flapping(topology: Any, people: Any, now: Any, work: Callable[[], None]) -> Incident:
    """An incident of the controller in Triage, with its six services and five accounts."""
    made = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Tunnels flap",
        values={
            "ci": topology.controller,
            "category": "sd_wan",
            "subcategory": "link_failure",
        },
    )
    work()
    return made
