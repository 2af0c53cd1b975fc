"""The demo bus does as it is told over HTTP too."""

import json
from typing import Any

from notifications.management.commands.demo_bus import PrintedArrivals, _arrivals
from notifications.publishers.http import Line
from notifications.publishers.interface import Target
from notifications.publishers.webhook import WebhookPublisher
from notifications.sink import Arrivals, Server, running
from tests.notifications.publishers.helping import message


def control(bus: Server, **order: Any) -> int | None:
    with Line() as line:
        return line.call(f"{bus.base}/control", body=json.dumps(order).encode()).status


def test_it_misbehaves_and_behaves_on_command(bus: Server, arrivals: Arrivals) -> None:
    target = Target("bus", bus.url)
    assert control(bus, kind="fail", status=418) == 200
    assert WebhookPublisher().publish(target, message("A", 1)).status == 418
    assert control(bus, kind="behave") == 200
    assert WebhookPublisher().publish(target, message("A", 1)).ok
    assert control(bus, kind="fail", unheard=1) == 422


def test_it_lists_what_arrived(bus: Server) -> None:
    WebhookPublisher().publish(Target("bus", bus.url), message("A", 1))
    with Line() as line:
        answer = line.call(f"{bus.base}/arrivals", method="GET")
    (arrival,) = json.loads(answer.body)
    assert arrival["event"] == message("A", 1).payload
    assert arrival["dialect"] == "plain"


def test_nonsense_gets_a_refusal(bus: Server, arrivals: Arrivals) -> None:
    with Line() as line:
        for path in ("/events", "/topics/t", "/v3/clusters/c/topics/t/records"):
            assert line.call(bus.base + path, body=b"[").status == 422
    assert arrivals.taken == []


def test_the_commands_options_make_such_a_bus(capsys: Any) -> None:
    options = {"fail_first": 0, "topic": ["t"], "secret": ["s"], "misbehave": "fail"}
    made = _arrivals({**options, "times": 1, "status": 500, "seconds": 1.0})
    assert isinstance(made, PrintedArrivals)
    with running(made) as server:
        target = Target("bus", f"{server.base}/t", secrets=("s",))
        statuses = [WebhookPublisher().publish(target, message("A", 1)).status for _ in range(2)]
    assert statuses == [500, 204]
    assert "fail" in capsys.readouterr().out
