"""A small bus to try things out with: it takes events by HTTP, remembers them, misbehaves."""

from notifications.sink.arrivals import Arrival, Arrivals
from notifications.sink.server import Server, running
from notifications.sink.trouble import Trouble

__all__ = ["Arrival", "Arrivals", "Server", "Trouble", "running"]
