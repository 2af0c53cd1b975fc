"""Admins see what left the house, and replay or skip it with a trace."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from core.models import User
from incidents.models import Incident
from notifications.models import OutboundDelivery, Subscriber

pytestmark = pytest.mark.django_db
State = OutboundDelivery.State


@pytest.fixture
def ada(base: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin"))
    return browser


@pytest.fixture
def stuck(incident: Incident, work: Callable[[], None]) -> OutboundDelivery:
    Subscriber.objects.create(name="broken", transport="http", url="http://127.0.0.1:1/")
    work()
    delivery: OutboundDelivery = OutboundDelivery.objects.order_by("pk")[0]
    return delivery


def choose(ada: Client, action: str, delivery: OutboundDelivery) -> None:
    url = reverse("admin:notifications_outbounddelivery_changelist")
    answer = ada.post(url, {"action": action, "_selected_action": [delivery.pk]}, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "model",
    ["stagedevent", "subscriber", "outbounddelivery", "mailmessage", "inboxitem"],
)
def test_every_list_opens(ada: Client, stuck: OutboundDelivery, model: str) -> None:
    assert ada.get(reverse(f"admin:notifications_{model}_changelist")).status_code == 200


def test_the_payload_is_shown_as_it_was_sent(ada: Client, stuck: OutboundDelivery) -> None:
    url = reverse("admin:notifications_stagedevent_change", args=[stuck.event_id])
    page = ada.get(url).content.decode()
    assert "&quot;eventType&quot;: &quot;TroubleTicketCreateEvent&quot;" in page


def test_a_delivery_shows_its_tries(ada: Client, stuck: OutboundDelivery) -> None:
    url = reverse("admin:notifications_outbounddelivery_change", args=[stuck.pk])
    assert "refused" in ada.get(url).content.decode()


@pytest.mark.parametrize(
    ("action", "state", "said"),
    [("skip_chosen", State.SKIPPED, "Skipped."), ("replay_chosen", State.READY, "Replayed.")],
)
def test_skip_and_replay_leave_a_trace(
    ada: Client, stuck: OutboundDelivery, action: str, state: str, said: str
) -> None:
    OutboundDelivery.objects.filter(pk=stuck.pk).update(state=State.DEAD)
    choose(ada, action, stuck)
    stuck.refresh_from_db()
    assert stuck.state == state
    entry = LogEntry.objects.get(object_id=str(stuck.pk))
    assert said in entry.change_message


def test_events_cannot_be_written_by_hand(ada: Client, stuck: OutboundDelivery) -> None:
    assert ada.get(reverse("admin:notifications_stagedevent_add")).status_code == 403
