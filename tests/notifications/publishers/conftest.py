"""A bus of one's own to publish to."""

from collections.abc import Iterator

import pytest

from notifications.sink import Arrivals, Server, running


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
def bus(arrivals: Arrivals) -> Iterator[Server]:
    """A real HTTP server, misbehaving when told to."""
    with running(arrivals) as server:
        yield server
