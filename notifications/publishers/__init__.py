"""Ways out of the house, by the name a subscriber carries."""

from notifications.publishers.hermes import HermesPublisher
from notifications.publishers.interface import Publisher
from notifications.publishers.log import LogPublisher
from notifications.publishers.mail import MailPublisher
from notifications.publishers.open_bus import OpenBusPublisher
from notifications.publishers.webhook import WebhookPublisher

PUBLISHERS: dict[str, Publisher] = {
    "http": WebhookPublisher(),
    "hermes": HermesPublisher(),
    "open_bus": OpenBusPublisher(),
    "mail": MailPublisher(),
    "log": LogPublisher(),
}
