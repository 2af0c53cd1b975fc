"""Every kind of subscriber has its way out."""

from notifications.models import Subscriber
from notifications.publishers import PUBLISHERS


def test_every_transport_has_a_publisher() -> None:
    assert set(PUBLISHERS) == set(Subscriber.Transport.values)


def test_the_open_bus_can_be_asked_for_its_topics() -> None:
    assert callable(getattr(PUBLISHERS["open_bus"], "check_topic", None))
