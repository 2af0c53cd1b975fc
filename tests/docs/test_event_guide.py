"""The guide to events works as printed: its commands, its receiver, its consumer."""

import threading
from collections.abc import Callable, Iterator
from http.server import HTTPServer
from pathlib import Path
from string import Template
from typing import Any

import pytest
from confluent_kafka import Consumer
from django.conf import settings

from notifications.models import Subscriber, Topic
from notifications.publishers.hermes import HermesPublisher, close_producers
from notifications.publishers.interface import Message, Target
from notifications.publishers.webhook import WebhookPublisher
from notifications.publishers.webhook.signature import signature
from tests.docs.curl import blocks, read_curl
from tests.notifications.api.conftest import Machine, bus_client, fms, make_machine
from tests.notifications.publishers.kafka import broker, make_topic
from tests.tmf621.conftest import MINIMAL

__all__ = ["bus_client", "fms", "make_machine"]

GUIDE = blocks(Path(settings.BASE_DIR) / "docs/how-to/subscribe-to-events.md")
COMMANDS = [block for block in GUIDE if block.language == "sh"]
RECEIVER, CONSUMER = [block.text for block in GUIDE if block.language == "python"]
SECRET = "s" * 64


class Enough(Exception):
    """Ends a program that would go on for ever."""


def run(command: str, machine: Machine, **names: str) -> Any:
    curl = read_curl(Template(command).safe_substitute(SITE="http://testserver", **names))
    kind = curl.headers.pop("Content-Type", "application/json")
    return machine.client.generic(curl.verb, curl.path, curl.body, content_type=kind)


def test_the_commands_are_answered(fms: Machine, bus_client: Machine) -> None:
    subscribe, unsubscribe, topic = [block.text for block in COMMANDS]
    answer = run(subscribe, fms, TOKEN="psew_fms")
    assert answer.status_code == 201, answer.content
    assert {"id", "secret"} <= set(answer.json())
    answer = run(unsubscribe, fms, TOKEN="psew_fms", HUB=answer.json()["id"])
    assert answer.status_code == 204
    assert not Subscriber.unscoped.exclude(hub="").exists()
    answer = run(topic, bus_client, TOPIC_TOKEN="psew_bus")
    assert answer.status_code == 201, answer.content
    assert Topic.unscoped.get().type == Topic.Type.EGRESS


class Receiving:
    """The guide's receiver, and what it handled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handled: list[dict[str, Any]] = []
        self.names: dict[str, Any] = {"SECRET": SECRET, "PORT": 0, "handle": self.handled.append}
        made: list[HTTPServer] = []
        monkeypatch.setattr(HTTPServer, "serve_forever", lambda server: made.append(server))
        exec(compile(RECEIVER, "guide", "exec"), self.names)
        monkeypatch.undo()
        [self.server] = made
        self.names["Receiver"].log_message = lambda *args: None
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.02])
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiving]:
    made = Receiving(monkeypatch)
    yield made
    made.close()


def test_the_receiver_takes_what_is_signed_once(receiving: Receiving) -> None:
    message = Message("e1", "Type", "key", 1, '{"eventId": "e1"}')

    def post(*secrets: str) -> int | None:
        return WebhookPublisher().publish(Target("hook", receiving.url, secrets=secrets), message)

    post_status = [post(SECRET).status, post("new", SECRET).status]
    assert post_status == [204, 204]
    assert receiving.handled == [{"eventId": "e1"}]
    assert [post("another").status, post().status] == [401, 401]
    assert len(receiving.handled) == 1


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=ab", "t=x,v1=ab", "t=1,v1=é", ",,,", "t=1,t=2,v1=", "=="]
)
def test_the_receiver_refuses_odd_headers(receiving: Receiving, header: str) -> None:
    assert receiving.names["is_genuine"](header, b"{}") is False


def test_the_receiver_refuses_what_is_old(receiving: Receiving) -> None:
    assert receiving.names["is_genuine"](signature([SECRET], b"{}", now=1), b"{}") is False


@pytest.mark.django_db
def test_events_reach_the_receiver(
    fms: Machine, receiving: Receiving, work: Callable[[], None]
) -> None:
    command = COMMANDS[0].text.replace("http://127.0.0.1:9000/events", receiving.url)
    receiving.names["SECRET"] = run(command, fms, TOKEN="psew_fms").json()["secret"]
    path = "/tmf-api/troubleTicket/v4/troubleTicket"
    ticket = fms.client.post(path, MINIMAL, content_type="application/json").json()
    work()
    [event] = receiving.handled
    assert event["eventType"] == "TroubleTicketCreateEvent"
    assert event["event"]["troubleTicket"]["id"] == ticket["id"]


def test_the_consumer_reads_what_psew_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[dict[str, Any]] = []

    def handle(event: dict[str, Any]) -> None:
        read.append(event)
        if len(read) == 3:
            raise Enough

    with broker(tmp_path) as made:
        monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", made.address)
        make_topic(made.address, "critical-incidents")
        events = [Message(f"e{n}", "Type", "key", n, f'{{"eventId": "e{n}"}}') for n in (1, 2, 3)]
        target = Target("kafka", topic="critical-incidents")
        assert all(r.ok for r in HermesPublisher().publish_many(target, events))
        names: dict[str, Any] = {"BOOTSTRAP": made.address, "handle": handle}
        with pytest.raises(Enough):
            exec(compile(CONSUMER, "guide", "exec"), names)
        consumer: Consumer = names["consumer"]
        consumer.close()
        close_producers(0)
    assert [event["eventId"] for event in read] == ["e1", "e2", "e3"]
