"""Health pages and what every answer carries."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from changes.models import ChangeRequest
from core import bus
from core.actor import SYSTEM
from core.models import Heartbeat
from core.schedule import TICK
from core.views import OLDEST_WORK, SILENCE

pytestmark = pytest.mark.django_db


def test_a_process_that_lives_says_so(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_site_that_ticks_is_ready(client: Client, now: datetime) -> None:
    Heartbeat.objects.create(name=TICK, beat_at=now)
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert {name: c["ok"] for name, c in answer.json()["checks"].items()} == {
        "database": True,
        "queue": True,
        "scheduler": True,
    }


@pytest.mark.parametrize("beaten", [True, False])
def test_a_silent_scheduler_is_a_fault(client: Client, now: datetime, beaten: bool) -> None:
    if beaten:
        Heartbeat.objects.create(name=TICK, beat_at=now - 2 * SILENCE)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert not answer.json()["checks"]["scheduler"]["ok"]


def test_work_that_nobody_takes_is_a_fault(
    client: Client, record: ChangeRequest, now: datetime, listen: Callable[..., None]
) -> None:
    Heartbeat.objects.create(name=TICK, beat_at=now)
    listen(when="async")
    long_ago = now - OLDEST_WORK - timedelta(minutes=1)
    bus.emit("test.happened", record=record, by=SYSTEM, now=long_ago)

    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.json()["checks"]["queue"]["ok"]


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/"])
def test_every_answer_carries_a_strict_policy(client: Client, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_scripts_of_pages_need_this_answers_nonce(client: Client) -> None:
    policies = {client.get("/healthz").headers["Content-Security-Policy"] for _ in range(2)}

    assert len(policies) == 2
    assert all("'nonce-" in policy for policy in policies)
