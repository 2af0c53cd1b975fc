"""Kafka for tests: librdkafka's own mock cluster, and a real broker process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic


@contextmanager
def mock_cluster() -> Iterator[str]:
    """A mock cluster inside this process; yields its addresses."""
    owner = Producer({"bootstrap.servers": "nowhere", "test.mock.num.brokers": 2, "log_level": 0})
    yield ",".join(f"{b.host}:{b.port}" for b in owner.list_topics(timeout=5).brokers.values())
    owner.flush(1)


@dataclass
class Broker:
    """A broker in a process of its own, on a port of its own."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("noida-db")
        flags = ["--data-dir", str(self.folder), "--only", "kafka", "--kafka-port", str(self.port)]
        self.process = subprocess.Popen(
            [program, "start", *flags],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 10
        while not self._listens():
            assert self.process.poll() is None, "the broker ended by itself"
            assert time.monotonic() < until, "the broker does not listen"
            time.sleep(0.02)

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A broker for the length of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Broker(folder, free.getsockname()[1])
    made.start()
    try:
        yield made
    finally:
        made.kill()


def make_topic(address: str, topic: str, partitions: int = 3) -> None:
    admin = AdminClient({"bootstrap.servers": address, "log_level": 0})
    for made in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        made.result(5)


def consumed(address: str, topic: str, count: int, *, seconds: float = 10) -> list[Message]:
    """Read up to `count` messages of the topic from its beginning, as a customer would."""
    consumer = Consumer({"bootstrap.servers": address, "group.id": "t", "log_level": 0})
    try:
        partitions = consumer.list_topics(topic, timeout=5).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        found: list[Message] = []
        until = time.monotonic() + seconds
        while len(found) < count and time.monotonic() < until:
            found += [m for m in consumer.consume(count, timeout=0.1) if not m.error()]
        return found
    finally:
        consumer.close()
