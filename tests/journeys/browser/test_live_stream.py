"""The stream between two tabs: one holds the connection, both hear what happens."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core.embedded.ports import free_port, is_free
from core.embedded.programs import Program
from incidents.models import Incident
from tests.faults.processes import environment, until
from tests.journeys.browser.background import address_of_test_database
from tests.journeys.browser.desk import Desk
from tests.journeys.browser.test_live_lists import cell, open_list, press_hard, rows

__all__ = ["press_hard", "rows"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
COMMAND = [sys.executable, "manage.py", "live", "--port"]


@pytest.fixture
def stream(site_url: str, settings: Any, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Return what starts the stream of the live server, on the port its pages are told."""
    settings.LIVE_PORT = free_port()
    started: list[Program] = []

    def start() -> Program:
        told = environment(DATABASE_URL=address_of_test_database(), PSEW_PUBLIC_URL=site_url)
        command = [*COMMAND, str(settings.LIVE_PORT)]
        program = Program("live", command, told, Path(settings.BASE_DIR), tmp_path / "log")
        program.start()
        started.append(program)
        until(lambda: not is_free(settings.LIVE_PORT) or not program.alive, "the stream listens")
        return program

    yield start
    for program in started:
        program.stop()


def test_two_tabs_hear_of_a_change_over_one_connection(
    rows: list[Incident], people: Any, stream: Any, desk: Desk, press_hard: Any
) -> None:
    stream()
    asked: list[str] = []
    desk.page.context.on("request", lambda request: asked.append(request.url))
    open_list(desk, people)
    second = Desk(desk.page.context.new_page(), desk.url, desk.complaints)
    with second.page.expect_response(lambda answer: "/live/changes" in answer.url):
        second.go("/lists/incidents/?view=open")
    polls = sum("/live/changes" in url for url in asked)
    press_hard(rows[1])
    for tab in (desk, second):
        expect(cell(tab, rows[1], "priority")).to_contain_text("P1")
    assert sum("/live/changes" in url for url in asked) == polls
    assert sum("/live/stream" in url for url in asked) == 1


def test_the_tab_that_stays_takes_the_connection_over(
    rows: list[Incident], people: Any, stream: Any, desk: Desk, press_hard: Any
) -> None:
    stream()
    open_list(desk, people)
    second = Desk(desk.page.context.new_page(), desk.url, desk.complaints)
    second.go("/lists/incidents/?view=open")
    with second.page.expect_request(lambda request: "/live/stream" in request.url):
        desk.page.close()
    press_hard(rows[1])
    expect(cell(second, rows[1], "priority")).to_contain_text("P1")


def test_a_stream_that_was_away_is_found_again(
    rows: list[Incident], people: Any, stream: Any, desk: Desk, press_hard: Any
) -> None:
    """The page asks by itself at once, and the browser tells the stream where it was."""
    first = stream()
    open_list(desk, people)
    press_hard(rows[0])
    expect(cell(desk, rows[0], "priority")).to_contain_text("P1")
    with desk.page.expect_response(lambda answer: "/live/changes" in answer.url):
        first.stop()
    press_hard(rows[1])
    with desk.page.expect_response(
        lambda answer: "/live/stream" in answer.url and answer.ok, timeout=60_000
    ):
        stream()
    expect(cell(desk, rows[1], "priority")).to_contain_text("P1")
    assert all("/live/" in words or "ERR_" in words for words in desk.complaints)
    desk.complaints.clear()
