"""One Kafka producer per process and settings; making one costs threads and connections."""

import atexit
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notifications.publishers.hermes.configuration import NotSetUp

if TYPE_CHECKING:
    from confluent_kafka import Producer

logger = logging.getLogger(__name__)

# A child of a forked worker must not use its parent's connections: the process is in the key.
Key = tuple[int, tuple[tuple[str, str], ...]]


@dataclass
class Kept:
    """A producer and the topics it has seen."""

    key: Key
    producer: "Producer"
    topics: set[str] = field(default_factory=set)


_kept: dict[Key, Kept] = {}
_lock = threading.Lock()


def producer_for(configuration: Mapping[str, str]) -> Kept:
    """Return this process's producer for the settings; raises `NotSetUp`."""
    key = (os.getpid(), tuple(sorted(configuration.items())))
    with _lock:
        if key not in _kept:
            _kept[key] = Kept(key, _make(configuration))
        return _kept[key]


def discard(kept: Kept) -> None:
    """Forget a producer that can do no more; the next call makes another."""
    with _lock:
        if _kept.get(kept.key) is kept:
            del _kept[kept.key]


def close_producers(seconds: float = 5.0) -> None:
    """Let this process's producers finish what they hold, and forget them."""
    with _lock:
        ours = [kept for key, kept in _kept.items() if key[0] == os.getpid()]
        _kept.clear()
    for kept in ours:
        kept.producer.flush(seconds)


def _make(configuration: Mapping[str, str]) -> "Producer":
    try:
        from confluent_kafka import KafkaException, Producer
    except ImportError as error:
        raise NotSetUp('the package confluent-kafka is missing: install "psew[kafka]".') from error
    try:
        return Producer(dict(configuration), logger=logger)
    except KafkaException as error:
        raise NotSetUp(f"{error.args[0].str()}.") from error


atexit.register(close_producers)
