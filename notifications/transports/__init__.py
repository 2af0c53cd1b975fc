"""Ways out of the house, each behind `send(subscriber, payload) -> Receipt`."""

from notifications.transports.http import send as send_http
from notifications.transports.log import send as send_log
from notifications.transports.receipt import Receipt

TRANSPORTS = {"http": send_http, "log": send_log}

__all__ = ["TRANSPORTS", "Receipt"]
