"""Whatever goes wrong in a thread, its subscriber is served again."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from notifications import crew as crews
from notifications.crew import Crew


@pytest.fixture
def served() -> list[int]:
    return []


@pytest.fixture
def crew(served: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """A crew of threads without a database."""

    def serve(subscriber_id: int) -> int:
        served.append(subscriber_id)
        return 1

    monkeypatch.setattr(crews, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(crews, "wake", lambda name: None)
    made = Crew(serve, seconds=5)
    yield made
    made.end()


def test_a_connection_that_cannot_be_closed_blocks_nobody(
    crew: Crew, served: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("the server closed the connection unexpectedly")

    monkeypatch.setattr(crews, "connection", SimpleNamespace(close=broken))
    assert crew.serve([7]) == 1
    assert crew.serve([7]) == 1
    assert served == [7, 7]


def test_without_a_thread_the_others_are_served_and_the_next_drain_asks_again(
    crew: Crew, served: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = crew._pool.submit

    def submit(work: Any, subscriber_id: int) -> Any:
        if subscriber_id == 7:
            raise RuntimeError("can't start new thread")
        return real(work, subscriber_id)

    monkeypatch.setattr(crew._pool, "submit", submit)
    assert crew.serve([7, 8]) == 1
    monkeypatch.setattr(crew._pool, "submit", real)
    assert crew.serve([7]) == 1
    assert served == [8, 7]


def test_one_who_is_served_is_not_served_twice_at_once(crew: Crew) -> None:
    let_go, begun = threading.Event(), []

    def hang(subscriber_id: int) -> int:
        begun.append(subscriber_id)
        let_go.wait(10)
        return 1

    crew._serve, crew.seconds = hang, 0.1
    assert crew.serve([7]) == 0
    assert crew.serve([7]) == 0
    let_go.set()
    assert begun == [7]
