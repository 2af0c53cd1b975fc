"""Hubs of TMF621 and TMF688: parse, make one call, present (tmf.md §3.10, §4.1)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import User
from notifications.api.base import USE_EVENTS, VIEW, TopicMachineView
from notifications.api.bodies import read_subscription
from notifications.api.topics import ALWAYS, CREATED
from notifications.models import Subscriber, Topic
from notifications.scopes import READ_TOPICS, WRITE_HUBS
from notifications.subscriptions import find_subscription, subscribe, subscriptions, unsubscribe
from notifications.topic_resources import BASE
from notifications.topics import find_topic
from tmf621.api.answers import chosen, page_headers
from tmf621.api.base import base_url_of, body_of, client_of
from tmf621.lists.paging import Listing, Row, read_page
from tmf621.scopes import READ_TICKETS

USE_TICKETS = "tmf621.use_ticket_api"
# Ticket administrators may delete whatever their domain has subscribed to.
DELETE_ALL = "tmf621.delete_ticket"
SORTS = {"creationDate": "created_at"}
COLUMNS = ("uid", "url", "query", "style")


@dataclass(frozen=True, slots=True)
class Hub:
    """Where clients subscribe, and how it tells a subscription."""

    name: Subscriber.Hub
    path: str
    permission: str
    reads: str
    typed: bool = False


TMF621_V4 = Hub(
    Subscriber.Hub.TMF621_V4,
    "/tmf-api/troubleTicket/v4/hub",
    USE_TICKETS,
    READ_TICKETS,
)
TMF621_V5 = Hub(
    Subscriber.Hub.TMF621_V5,
    "/tmf-api/troubleTicket/v5/hub",
    USE_TICKETS,
    READ_TICKETS,
    typed=True,
)
TMF688 = Hub(Subscriber.Hub.TMF688, f"{BASE}/hub", VIEW, READ_TOPICS)
OF_TOPIC = Hub(
    Subscriber.Hub.TMF688,
    f"{BASE}/topic/{{topic}}/hub",
    USE_EVENTS,
    READ_TOPICS,
)


class HubView(TopicMachineView):
    """An endpoint of one hub; `as_view(hub=…)` says which."""

    hub: Hub = TMF621_V4

    def permission_for(self, method: str) -> str:
        return self.hub.permission

    def scope_for(self, method: str) -> str:
        return WRITE_HUBS if method in ("POST", "DELETE") else self.hub.reads

    def told(self, subscriber: Subscriber, topic: Topic | None, request: Request) -> dict[str, Any]:
        """Return what is told of a subscription, without its secret."""
        return subscription_resource(self.hub, subscriber, topic, base_url_of(request))


class Subscriptions(HubView):
    """The collection: subscribe, and see the own subscriptions of a topic."""

    def get(self, request: Request, topic_id: str) -> Response:
        query, topic, client = request.query_params, find_topic(topic_id), client_of(request)

        def tell(rows: list[Row]) -> list[dict[str, Any]]:
            return [self.told(Subscriber(**row), topic, request) for row in rows]

        mine = subscriptions(self.hub.name, client, topic)
        page = read_page(query, Listing(mine, SORTS, COLUMNS, tell))
        told = [chosen(each, query, ALWAYS) for each in page.items]
        return Response(told, status=page.status, headers=page_headers(page, request))

    def post(self, request: Request, topic_id: str = "") -> Response:
        if topic_id:
            # Nobody is looked up for a topic that is not there.
            find_topic(topic_id)
        asked = read_subscription(body_of(request), needs_type=self.hub.typed)
        now, client = timezone.now(), client_of(request)
        with transaction.atomic():
            topic = find_topic(topic_id, lock=True) if topic_id else None
            made = subscribe(asked=asked, hub=self.hub.name, client=client, topic=topic, now=now)
        told = self.told(made, topic, request)
        # This once: afterwards the client alone knows it.
        secret = {"secret": made.secrets(now)[0]}
        location = address_of(self.hub, made, topic, base_url_of(request))
        return Response({**told, **secret}, status=CREATED, headers={"Location": location})


class Subscription(HubView):
    """One subscription."""

    def get(self, request: Request, subscription_id: str, topic_id: str = "") -> Response:
        topic = find_topic(topic_id) if topic_id else None
        found = find_subscription(
            subscription_id, hub=self.hub.name, client=client_of(request), topic=topic
        )
        return Response(chosen(self.told(found, topic, request), request.query_params, ALWAYS))

    @transaction.atomic
    def delete(self, request: Request, subscription_id: str, topic_id: str = "") -> Response:
        client: User = client_of(request)
        found = find_subscription(
            subscription_id,
            hub=self.hub.name,
            client=client,
            topic=find_topic(topic_id) if topic_id else None,
            of_all=client.has_perm(DELETE_ALL),
        )
        unsubscribe(subscriber=found)
        return Response(status=204)


def subscription_resource(
    hub: Hub, subscriber: Subscriber, topic: Topic | None, base_url: str
) -> dict[str, Any]:
    """Return a subscription as its hub tells it."""
    told: dict[str, Any] = {"id": str(subscriber.uid), "callback": subscriber.url}
    if subscriber.query:
        told["query"] = subscriber.query
    if subscriber.style != Subscriber.Style.EXACT:
        told["style"] = str(subscriber.style)
    if hub.typed:
        told["@type"], told["href"] = "Hub", address_of(hub, subscriber, topic, base_url)
    return told


def address_of(hub: Hub, subscriber: Subscriber, topic: Topic | None, base_url: str) -> str:
    """Return where a subscription is found."""
    path = hub.path.format(topic=topic.uid) if topic else hub.path
    return f"{base_url}{path}/{subscriber.uid}"
