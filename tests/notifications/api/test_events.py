"""The events of a topic: what went to it, and what clients publish to it (TMF688 v4)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actor import Actor
from core.models import Domain
from incidents.models import Incident
from notifications.models import OutboundDelivery, StagedEvent, Subscriber, Topic
from notifications.payloads import message_for
from tests.conformance.covering import uncovered
from tests.notifications.api.conftest import (
    BASE,
    CALLBACK,
    TOPIC_CLIENT,
    Machine,
    example,
    faults,
)
from tests.notifications.helping import comment

pytestmark = pytest.mark.django_db
Work = Callable[[], None]
EVENT = {"eventType": "LinkFlapEvent", "eventId": "nms-1", "event": {"link": {"id": "l1"}}}


def hears(url: str) -> list[str]:
    """Return the types of the events on their way to a callback, in order."""
    rows = OutboundDelivery.objects.filter(subscriber__url=url).order_by("pk")
    return list(rows.values_list("event__event_type", flat=True))


def test_a_topic_tells_what_went_to_it_newest_first(
    bus_client: Machine, incident: Incident, by: Actor, now: datetime, work: Work
) -> None:
    picked = bus_client.topic("new", headerQuery="eventType=TroubleTicketCreateEvent")
    every = bus_client.topic("all")
    comment(incident, by, now, 2)
    work()
    told = bus_client.get(f"{every['href']}/event").json()
    kinds = [event["eventType"] for event in told]
    assert kinds[:2] == ["TroubleTicketAttributeValueChangeEvent"] * 2
    assert kinds[-1] == "TroubleTicketCreateEvent"
    for event in told:
        assert faults("Event", event) == []
        assert event["source"]["id"] == event["event"]["troubleTicket"]["id"]
        assert event["href"] == f"{every['href']}/event/{event['id']}"
        assert event["id"] == event["eventId"]
    assert bus_client.get(told[0]["href"]).json() == told[0]
    only = bus_client.get(f"{picked['href']}/event").json()
    assert [event["id"] for event in only] == [told[-1]["id"]]
    assert bus_client.get(f"{picked['href']}/event/{told[0]['id']}").status_code == 404


def test_events_are_filtered_cut_and_paged(
    bus_client: Machine, incident: Incident, by: Actor, now: datetime, work: Work
) -> None:
    href = bus_client.topic()["href"] + "/event"
    comment(incident, by, now, 3)
    work()
    kind = "TroubleTicketAttributeValueChangeEvent"
    total = StagedEvent.objects.filter(event_type=kind).count()
    found = bus_client.get(f"{href}?eventType={kind}&limit=2&fields=eventType")
    assert (found.status_code, found["X-Total-Count"]) == (206, str(total))
    assert [set(event) for event in found.json()] == [{"id", "href", "eventType"}] * 2
    number = incident.number
    assert bus_client.get(f"{href}?correlationId={number}")["X-Total-Count"] != "0"
    assert bus_client.get(f"{href}?event.troubleTicket.id={incident.uid}").json()
    assert bus_client.get(f"{href}?correlationId=other").json() == []
    first = bus_client.get(f"{href}?limit=2&after=")
    following = first["Link"].split('>; rel="next"')[0].rsplit("<", 1)[1]
    rest = bus_client.get(following).json()
    whole = bus_client.get(href).json()
    assert first.json() + rest == whole[:4]
    oldest_first = bus_client.get(f"{href}?sort=eventTime").json()
    assert oldest_first == whole[::-1]
    for query in ("bogus=1", "sort=name", "eventType.regex=(", "snapshot.ticket.id=1", "limit=x"):
        assert bus_client.get(f"{href}?{query}").json()["code"] == "28"


def test_the_example_is_published_and_told(bus_client: Machine, work: Work) -> None:
    href = bus_client.topic()["href"]
    request = example("tmf688-event")
    assert faults("Event_Create", request) == []
    answer = bus_client.post(f"{href}/event", request)
    told = answer.json()
    assert answer.status_code == 201
    assert faults("Event", told) == []
    assert uncovered(request, told) == []
    assert answer["Location"] == told["href"] == f"{href}/event/evt-000002"
    assert bus_client.get(told["href"]).json() == told
    work()
    assert bus_client.get(told["href"]).json() == told
    assert bus_client.get(f"{href}/event").json() == [told]


def test_it_goes_to_the_topics_lines_and_hubs_alone_as_it_came(
    bus_client: Machine, subscriber: Subscriber, work: Work
) -> None:
    # What is published to a topic need not meet its queries: those pick psew's own events.
    mine = bus_client.topic("mine", headerQuery="eventType=TroubleTicketCreateEvent")
    other = bus_client.topic("other")
    bus_client.made(f"{mine['href']}/hub", {"callback": CALLBACK})
    bus_client.made(f"{mine['href']}/hub", {"callback": CALLBACK, "query": "eventType=Other"})
    bus_client.made(f"{other['href']}/hub", {"callback": CALLBACK})
    bus_client.made(f"{BASE}/hub", {"callback": CALLBACK})
    OutboundDelivery.objects.all().delete()
    work()
    bus_client.made(f"{mine['href']}/event", EVENT)
    work()
    deliveries = OutboundDelivery.objects.filter(event__event_type="LinkFlapEvent")
    to = {(d.subscriber.topic, d.subscriber.hub, d.subscriber.query) for d in deliveries}
    topic = Topic.objects.get(name="mine")
    assert to == {(topic, "", ""), (topic, "tmf688", "")}
    for delivery in deliveries:
        message = message_for(delivery.event, delivery.subscriber)
        assert (message.event_id, message.event_type) == ("nms-1", "LinkFlapEvent")
        assert {**EVENT, "eventTime": message.payload["eventTime"]} == message.payload


def test_an_ingress_topic_gets_what_is_published_and_nothing_of_psews(
    bus_client: Machine, incident: Incident, work: Work
) -> None:
    told = bus_client.topic()
    Topic.objects.update(type=Topic.Type.INGRESS)
    bus_client.made(f"{told['href']}/hub", {"callback": CALLBACK})
    bus_client.made(f"{told['href']}/event", EVENT)
    work()
    assert hears(CALLBACK) == ["LinkFlapEvent"]
    assert len(bus_client.get(f"{told['href']}/event").json()) == 1


def test_an_event_is_published_once(bus_client: Machine) -> None:
    href, other = bus_client.topic("a")["href"], bus_client.topic("b")["href"]
    bus_client.made(f"{href}/event", EVENT)
    again = bus_client.post(f"{href}/event", EVENT)
    assert (again.status_code, again.json()["code"]) == (409, "71")
    bus_client.made(f"{other}/event", EVENT)
    for _ in range(2):
        bus_client.made(f"{href}/event", {"eventType": "LinkFlapEvent"})
    headers = {"Idempotency-Key": "k"}
    first, second = (
        bus_client.post(f"{href}/event", {"eventType": "X"}, headers=headers) for _ in range(2)
    )
    assert first.json() == second.json()
    assert StagedEvent.objects.exclude(topic=None).count() == 5


def test_what_is_correlated_goes_in_order_and_the_rest_side_by_side(bus_client: Machine) -> None:
    href = bus_client.topic()["href"]
    for correlation in ("c1", "c1", "c2", None, None):
        bus_client.made(f"{href}/event", {"eventType": "X", "correlationId": correlation})
    rows = StagedEvent.objects.filter(event_type="X").order_by("pk")
    lines = [(row.ticket_uid, row.sequence) for row in rows]
    assert [sequence for _, sequence in lines] == [1, 2, 1, 1, 1]
    assert len({uid for uid, _ in lines}) == 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"eventType": None}, "23"),
        ({"eventType": 5}, "24"),
        ({"eventType": ""}, "24"),
        ({"eventType": "X\r\nInjected: 1"}, "24"),
        ({"eventType": "../../x"}, "24"),
        ({"eventType": "x" * 81}, "24"),
        ({"eventId": "a b"}, "24"),
        ({"eventId": "a\nb"}, "24"),
        ({"eventId": "x" * 121}, "24"),
        ({"eventId": 7}, "24"),
        ({"eventTime": "yesterday"}, "24"),
        ({"eventTime": "2024-01-01T00:00:00"}, "24"),
        ({"timeOcurred": 5}, "24"),
        ({"event": []}, "24"),
        ({"event": "text"}, "24"),
        ({"priority": 1}, "24"),
        ({"correlationId": {}}, "24"),
        ({"source": "psew"}, "24"),
        ({"source": {"name": "x"}}, "23"),
        ({"reportingSystem": {"id": 1}}, "24"),
        ({"relatedParty": {}}, "24"),
        ({"relatedParty": [{"id": "1"}]}, "23"),
        ({"analyticCharacteristic": [{"name": "a"}]}, "23"),
        ({"analyticCharacteristic": ["a"]}, "24"),
        ({"@type": 5}, "24"),
    ],
)
def test_bad_events_are_refused(bus_client: Machine, change: Any, code: str) -> None:
    href = bus_client.topic()["href"]
    answer = bus_client.post(f"{href}/event", {**EVENT, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not StagedEvent.objects.exclude(topic=None).exists()


def test_ids_of_two_topics_do_not_meet(bus_client: Machine) -> None:
    first, second = bus_client.topic("a")["href"], bus_client.topic("b")["href"]
    made = bus_client.made(f"{first}/event", EVENT)
    assert bus_client.get(f"{second}/event/nms-1").status_code == 404
    staged = StagedEvent.objects.get(topic__name="a")
    assert bus_client.get(f"{first}/event/{staged.event_id}").json() == made
    for key in ("nms-2", "%00", "x" * 3000):
        assert bus_client.get(f"{first}/event/{key}").status_code == 404


def test_own_hubs_hear_of_topics_and_nothing_else(
    bus_client: Machine, incident: Incident, subscriber: Subscriber, work: Work
) -> None:
    bus_client.made(f"{BASE}/hub", {"callback": CALLBACK})
    deletions = f"{CALLBACK}/deletions"
    bus_client.made(f"{BASE}/hub", {"callback": deletions, "query": "eventType=TopicDeleteEvent"})
    told = bus_client.topic()
    bus_client.delete(told["href"])
    work()
    assert hears(CALLBACK) == ["TopicCreateEvent", "TopicDeleteEvent"]
    assert hears(deletions) == ["TopicDeleteEvent"]
    assert "TopicCreateEvent" not in hears(subscriber.url)
    delivery = OutboundDelivery.objects.filter(subscriber__url=CALLBACK).order_by("pk")[0]
    payload = message_for(delivery.event, delivery.subscriber).payload
    assert faults("TopicCreateEvent", payload) == []
    wanted = example("tmf688-topic-create-event")
    assert wanted.keys() <= payload.keys()
    # Events have no request to take the site's address from.
    assert {**payload["event"]["topic"], "href": told["href"]} == told


def test_topic_events_follow_one_another(bus_client: Machine, work: Work) -> None:
    told = bus_client.topic()
    bus_client.delete(told["href"])
    work()
    rows = StagedEvent.objects.filter(ticket_uid=told["id"]).order_by("pk")
    assert [row.sequence for row in rows] == [1, 2]
    assert {row.state for row in rows} == {"completed"}


def test_a_deleted_topics_published_events_reach_nobody(
    bus_client: Machine, subscriber: Subscriber, work: Work
) -> None:
    told = bus_client.topic()
    bus_client.made(f"{told['href']}/event", EVENT)
    bus_client.delete(told["href"])
    work()
    assert StagedEvent.objects.get(event_type="LinkFlapEvent").state == "completed"
    assert not OutboundDelivery.objects.exists()


def test_tenants_read_their_own_events(
    make_machine: Callable[..., Machine],
    domains: tuple[Domain, Domain],
    bus_client: Machine,
    work: Work,
) -> None:
    anna = make_machine("anna", TOPIC_CLIENT, domain=domains[0])
    bert = make_machine("bert", TOPIC_CLIENT, domain=domains[1])
    href, whole = anna.topic("a")["href"], bus_client.topic("whole")["href"]
    anna.made(f"{href}/event", EVENT)
    for machine in (anna, bert, bus_client):
        machine.made(f"{BASE}/hub", {"callback": f"{CALLBACK}/{machine.name}"})
    bert.topic("b")
    work()
    assert bert.get(f"{href}/event").status_code == 404
    assert len(bus_client.get(f"{href}/event").json()) == 1
    assert bus_client.get(f"{whole}/event").json() == []
    # The provider hears of its tenants' topics, a tenant of its own.
    assert len(hears(f"{CALLBACK}/bert")) == 1
    assert hears(f"{CALLBACK}/anna") == ["TopicCreateEvent"]
    assert len(hears(f"{CALLBACK}/bus")) == 3


def test_a_providers_subscription_at_a_tenants_topic_gets_that_tenants_events(
    make_machine: Callable[..., Machine],
    domains: tuple[Domain, Domain],
    bus_client: Machine,
    incident: Incident,
    work: Work,
) -> None:
    anna = make_machine("anna", TOPIC_CLIENT, domain=domains[0])
    href = anna.topic("a")["href"]
    bus_client.made(f"{href}/hub", {"callback": CALLBACK})
    anna.made(f"{href}/event", EVENT)
    work()
    assert hears(CALLBACK) == ["LinkFlapEvent"]


def test_a_client_that_was_shut_out_hears_nothing_more(
    bus_client: Machine, incident: Incident, work: Work
) -> None:
    href = bus_client.topic()["href"]
    bus_client.made(f"{href}/hub", {"callback": CALLBACK})
    user = bus_client.user
    user.is_active = False
    user.save()
    work()
    assert hears(CALLBACK) == []


def test_statements_do_not_grow_with_events(bus_client: Machine, work: Work) -> None:
    href, counts = bus_client.topic()["href"] + "/event", []
    for number in range(6):
        bus_client.made(href, {"eventType": "X"})
        work()
        if number in (0, 5):
            with CaptureQueriesContext(connection) as seen:
                assert len(bus_client.get(href).json()) == number + 1
            counts.append(len(seen))
    assert counts[0] == counts[1]
