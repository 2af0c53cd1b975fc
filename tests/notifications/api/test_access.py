"""Who may use topics, events and hubs, and with which keys."""

from collections.abc import Callable

import pytest

from core.api_scopes import declared
from notifications.models import Subscriber, Topic
from tests.notifications.api.conftest import (
    BASE,
    CALLBACK,
    INTEGRATOR,
    TICKETS,
    TOPIC_CLIENT,
    Machine,
)

pytestmark = pytest.mark.django_db
Make = Callable[..., Machine]
REGISTRY = "/api/sn_api_notif_mgmt/topic"
EVENT_MANAGER = "sn_api_notif_mgmt.event_mgmt_integration"
HUB = {"callback": CALLBACK, "@type": "Hub"}
POSTS = {
    f"{BASE}/topic": {"name": "mine"},
    f"{BASE}/hub": HUB,
    REGISTRY: {"name": "mine"},
    f"{TICKETS}/v4/hub": HUB,
    f"{TICKETS}/v5/hub": HUB,
}
NEEDED = {
    f"{BASE}/topic": TOPIC_CLIENT,
    f"{BASE}/hub": TOPIC_CLIENT,
    REGISTRY: EVENT_MANAGER,
    f"{TICKETS}/v4/hub": INTEGRATOR,
    f"{TICKETS}/v5/hub": INTEGRATOR,
}


def test_the_scopes_are_declared() -> None:
    assert {"hub:write", "topics:read", "topics:write"} <= set(declared())


@pytest.mark.parametrize("url", POSTS)
def test_nobody_gets_in_without_credentials(base: None, url: str) -> None:
    answer = Machine("").post(url, POSTS[url])
    assert (answer.status_code, answer.json()["code"]) == (401, "40")


@pytest.mark.parametrize("url", POSTS)
def test_a_role_is_needed_and_named(make_machine: Make, url: str) -> None:
    answer = make_machine("nobody").post(url, POSTS[url])
    assert (answer.status_code, answer.json()["code"]) == (403, "50")
    assert answer.json()["message"] == f"This needs the role {NEEDED[url]}."
    assert not Topic.objects.exists()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("role", "open_to"),
    [
        (INTEGRATOR, {f"{TICKETS}/v4/hub", f"{TICKETS}/v5/hub"}),
        (TOPIC_CLIENT, {f"{BASE}/topic", f"{BASE}/hub"}),
        (EVENT_MANAGER, {REGISTRY}),
        ("sn_api_notif_mgmt.topic_creator", {f"{BASE}/topic", f"{BASE}/hub"}),
    ],
)
def test_each_role_opens_its_own_addresses(
    make_machine: Make, role: str, open_to: set[str]
) -> None:
    machine = make_machine("one", role)
    codes = {url: machine.post(url, body).status_code for url, body in POSTS.items()}
    assert {url for url, code in codes.items() if code == 201} == open_to
    assert {code for url, code in codes.items() if url not in open_to} == {403}


def test_events_of_topics_need_a_permission_of_their_own(
    make_machine: Make, bus_client: Machine
) -> None:
    href = bus_client.topic()["href"]
    creator = make_machine("tess", "sn_api_notif_mgmt.topic_creator")
    assert creator.get(href).status_code == 200
    for answer in (
        creator.get(f"{href}/event"),
        creator.post(f"{href}/event", {"eventType": "X"}),
        creator.get(f"{href}/hub"),
        creator.post(f"{href}/hub", HUB),
    ):
        assert answer.status_code == 403
    assert creator.delete(href).status_code == 204


def test_a_key_opens_no_more_than_its_scopes(make_machine: Make, bus_client: Machine) -> None:
    href = bus_client.topic()["href"]
    reader = make_machine("reader", TOPIC_CLIENT, INTEGRATOR, scopes=("topics:read",))
    assert reader.get(f"{BASE}/topic").status_code == 200
    assert reader.get(f"{href}/event").status_code == 200
    for answer in (
        reader.post(f"{BASE}/topic", {"name": "x"}),
        reader.delete(href),
        reader.post(f"{href}/event", {"eventType": "X"}),
        reader.post(f"{href}/hub", HUB),
        reader.post(f"{TICKETS}/v4/hub", HUB),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "50")
        assert "scope" in answer.json()["message"]
    writer = make_machine("writer", INTEGRATOR, scopes=("hub:write",))
    assert writer.post(f"{TICKETS}/v4/hub", HUB).status_code == 201


def test_other_addresses_have_the_error_body(bus_client: Machine) -> None:
    for url in ("/api/sn_api_notif_mgmt", "/api/sn_api_notif_mgmt/v2/topic", f"{BASE}/topic/a/b"):
        answer = bus_client.get(url)
        assert (answer.status_code, answer.json()["code"]) == (404, "60")
