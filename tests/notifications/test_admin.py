"""Admins see what left the house, and replay or skip it with a trace."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from core.models import User
from incidents.models import Incident
from notifications.models import OutboundDelivery, StagedEvent, Subscriber

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


def test_an_event_is_sent_again_from_its_page(ada: Client, stuck: OutboundDelivery) -> None:
    url = reverse("admin:notifications_stagedevent_change", args=[stuck.event_id])
    again = reverse("workspace:event_send_again", args=[stuck.event.event_id])
    assert f'href="{again}">Send again</a>' in ada.get(url).content.decode()
    late = Subscriber.objects.create(name="late", transport="log")
    assert ada.post(again, {"subscriber": str(late.uid), "why": "They lost it"}).status_code == 303
    delivery = OutboundDelivery.objects.get(subscriber=late)
    assert (delivery.event, delivery.state) == (stuck.event, State.READY)
    entry = LogEntry.objects.get(object_id=str(stuck.event_id), change_message__contains="late")
    assert (entry.change_message, entry.user.username) == (
        "Sent again to late: They lost it",
        "admin",
    )


@pytest.mark.parametrize("obstacle", ["no right", "no payload"])
def test_sending_again_is_offered_where_it_can_be_done(
    client: Client, ada: Client, stuck: OutboundDelivery, obstacle: str
) -> None:
    url = reverse("admin:notifications_stagedevent_change", args=[stuck.event_id])
    if obstacle == "no payload":
        StagedEvent.objects.filter(pk=stuck.event_id).update(payload=None, state="ready")
    else:
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_stagedevent"))
        client.force_login(reader)
        ada = client
    answer = ada.get(url)
    assert answer.status_code == 200
    assert "Send again" not in answer.content.decode()


def test_events_cannot_be_written_by_hand(ada: Client, stuck: OutboundDelivery) -> None:
    assert ada.get(reverse("admin:notifications_stagedevent_add")).status_code == 403
