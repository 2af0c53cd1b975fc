"""The stream's own process: it hears other processes, and its listeners do not keep it alive."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.embedded.ports import free_port, is_free
from core.embedded.programs import Program
from incidents.actions import open_incident
from tests.faults.processes import BOUND, PYTHON, Processes, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def process(site: Processes, port: int) -> Program:
    program = site.start("live", [PYTHON, "manage.py", "live", "--port", str(port)])
    until(lambda: not is_free(port) or not program.alive, "the stream listens")
    assert program.alive, program.tail()
    return program


@contextmanager
def listening(client: Client, port: int) -> Iterator[HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", port, timeout=BOUND)
    session = client.cookies["sessionid"].value
    connection.request("GET", "/live/stream", headers={"Cookie": f"sessionid={session}"})
    yield connection.getresponse()
    connection.close()


def line_with(answer: HTTPResponse, word: str) -> str:
    """Read up to the first line that holds the word."""
    while line := answer.readline().decode():
        if word in line:
            return line
    raise AssertionError(f"The stream ended without {word!r}.")


def test_what_another_process_commits_is_heard(
    people: Any, client_as: Any, process: Program, port: int, now: Any
) -> None:
    with listening(client_as(people.nadia), port) as answer:
        assert answer.status == 200
        line_with(answer, "data:")
        by = actor_of(people.luis)
        incident = open_incident(by=by, now=now, short_description="Edge down", values={})
        assert incident.number in line_with(answer, '"type":"incident"')


def test_it_ends_when_asked_although_somebody_listens(
    people: Any, client_as: Any, process: Program, port: int
) -> None:
    with listening(client_as(people.nadia), port) as answer:
        line_with(answer, "data:")
        process.ask_to_stop()
        assert process.process is not None
        process.process.wait(timeout=BOUND)
        assert not any("Traceback" in line for line in process.tail())
        assert is_free(port)
