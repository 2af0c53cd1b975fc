"""Who gets which event: lines of topics, hubs, and whoever was entered in admin."""

from collections.abc import Callable
from datetime import datetime

import pytest

from core.actor import Actor
from incidents.models import Incident
from notifications.models import Attempt, OutboundDelivery, Subscriber
from tests.notifications.api.conftest import CALLBACK, TICKETS, Machine
from tests.notifications.helping import comment

pytestmark = pytest.mark.django_db
Work = Callable[[], None]
CREATE, CHANGE = "TroubleTicketCreateEvent", "TroubleTicketAttributeValueChangeEvent"


def hears(number: int) -> set[str]:
    rows = OutboundDelivery.objects.filter(subscriber__url=f"{CALLBACK}/{number}")
    return set(rows.values_list("event__event_type", flat=True))


def test_a_topics_hub_gets_what_topic_and_subscription_ask_for(
    bus_client: Machine, incident: Incident, by: Actor, now: datetime, work: Work
) -> None:
    href = bus_client.topic("t", headerQuery=f"eventType={CREATE}")["href"]
    queries = ["", f"eventType={CHANGE}", "event.troubleTicket.ticketType=incident"]
    for number, query in enumerate(queries):
        body = {"callback": f"{CALLBACK}/{number}", "query": query}
        bus_client.made(f"{href}/hub", body)
    comment(incident, by, now)
    work()
    assert [hears(number) for number in range(3)] == [{CREATE}, set(), {CREATE}]


def test_a_v5_subscription_is_asked_in_v5s_words(
    fms: Machine, incident: Incident, work: Work
) -> None:
    queries = ["event.troubleTicket.relatedParty.partyOrPartyRole.name", "event.troubleTicket.x"]
    name = "L1 Network Engineering"
    for number, path in enumerate(queries):
        body = {"@type": "Hub", "callback": f"{CALLBACK}/{number}", "query": f"{path}={name}"}
        fms.made(f"{TICKETS}/v5/hub", body)
    work()
    assert CREATE in hears(0)
    assert hears(1) == set()


def test_ticket_hubs_never_hear_of_topics(
    fms: Machine, bus_client: Machine, incident: Incident, work: Work
) -> None:
    for number, version in enumerate(("v4", "v5")):
        body = {"@type": "Hub", "callback": f"{CALLBACK}/{number}"}
        fms.made(f"{TICKETS}/{version}/hub", body)
    href = bus_client.topic()["href"]
    bus_client.made(f"{href}/event", {"eventType": "X"})
    work()
    for number in range(2):
        assert CREATE in hears(number)
        assert not hears(number) & {"X", "TopicCreateEvent"}


def test_unsubscribing_forgets_what_lies_ready(
    fms: Machine, incident: Incident, work: Work
) -> None:
    url = f"{TICKETS}/v4/hub"
    told = fms.made(url, {"callback": f"{CALLBACK}/0"})
    work()
    assert Attempt.objects.filter(delivery__subscriber__uid=told["id"]).exists()
    assert fms.delete(f"{url}/{told['id']}").status_code == 204
    assert not OutboundDelivery.objects.filter(subscriber__url=f"{CALLBACK}/0").exists()
    assert not Subscriber.objects.exists()
