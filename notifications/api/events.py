"""The events of a topic (TMF688 v4): parse, make one call, present."""

from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.api.base import USE_EVENTS, TopicsView
from notifications.api.bodies import read_event
from notifications.api.topics import ALWAYS, CREATED, RESERVED
from notifications.models import OutboundDelivery, StagedEvent, Topic
from notifications.topic_events import publish, published_id
from notifications.topic_resources import BASE
from notifications.topics import find_topic
from tmf621.api.answers import chosen, page_headers
from tmf621.api.base import base_url_of, body_of, client_of
from tmf621.errors import BadQuery, UnknownTicket
from tmf621.filtering import read_query
from tmf621.lists.paging import Listing, Row, read_page
from tmf621.resolving import as_uuid
from tmf621.retries import answer_once

SORTS = {"eventTime": "happened_at", "creationDate": "happened_at"}
ATTRIBUTES = frozenset(
    {"analyticCharacteristic", "correlationId", "description", "domain", "event", "eventId"}
    | {"eventTime", "eventType", "fieldPath", "priority", "relatedParty", "reportingSystem"}
    | {"source", "timeOcurred", "title", "@type", "@baseType", "@schemaLocation"}
)


class Events(TopicsView):
    """What went to a topic, the newest first, and publishing to it."""

    needs = {"GET": USE_EVENTS}

    def get(self, request: Request, topic_id: str) -> Response:
        query, topic = request.query_params, find_topic(topic_id)
        page = read_page(query, event_listing(topic, query, base_url_of(request)))
        told = [chosen(each, query, ALWAYS) for each in page.items]
        return Response(told, status=page.status, headers=page_headers(page, request))

    @transaction.atomic
    def post(self, request: Request, topic_id: str) -> Response:
        now = timezone.now()

        def create() -> Response:
            topic = find_topic(topic_id, lock=True)
            staged = publish(topic=topic, event=read_event(body_of(request)), now=now)
            told = event_resource(staged.payload, topic, base_url_of(request))
            told_part = chosen(told, request.query_params, ALWAYS)
            return Response(told_part, status=CREATED, headers={"Location": told["href"]})

        return answer_once(request, client_of(request), now, create)


class OneEvent(TopicsView):
    """One event of a topic."""

    needs = {"GET": USE_EVENTS}

    def get(self, request: Request, topic_id: str, event_id: str) -> Response:
        topic = find_topic(topic_id)
        uids = [published_id(topic, event_id), *filter(None, [as_uuid(event_id)])]
        found = events_of(topic).filter(event_id__in=uids).first()
        if found is None:
            raise UnknownTicket("This topic has no such event.")
        told = event_resource(found.payload, topic, base_url_of(request))
        return Response(chosen(told, request.query_params, ALWAYS))


def events_of(topic: Topic) -> QuerySet[StagedEvent]:
    """Return what clients published to a topic, and what psew sent over its lines and hubs."""
    deliveries = OutboundDelivery.objects.filter(event=OuterRef("pk"), subscriber__topic=topic)
    return StagedEvent.objects.filter(Q(topic=topic) | Exists(deliveries), payload__isnull=False)


def event_listing(topic: Topic, query: QueryDict, base_url: str) -> Listing:
    """Return the listing of the events of a topic a query string asks for."""
    pairs = [(key, text) for key, texts in query.lists() for text in texts]
    condition = Q()
    for part in read_query(pairs, reserved=RESERVED).parts:
        for path in part.paths():
            if path[:1] and path[0] not in ATTRIBUTES:
                raise BadQuery(f"{path[0][:80]}: no event has this attribute.")
        condition &= Q(payload__tells=part)

    def tell(rows: list[Row]) -> list[dict[str, Any]]:
        return [event_resource(row["payload"], topic, base_url) for row in rows]

    return Listing(events_of(topic).filter(condition), SORTS, ("payload",), tell)


def event_resource(payload: dict[str, Any], topic: Topic, base_url: str) -> dict[str, Any]:
    """Return an event as a resource: `id` and `href` are its own, its ticket's are the source's."""
    told = {name: value for name, value in payload.items() if name not in ALWAYS}
    if "troubleTicket" in payload["event"] and "id" in payload:
        ticket = {name: payload[name] for name in ALWAYS if name in payload}
        told.setdefault("source", {**ticket, "@referredType": "TroubleTicket"})
    event_id = str(payload["eventId"])
    return {
        "id": event_id,
        "href": f"{base_url}{BASE}/topic/{topic.uid}/event/{quote(event_id)}",
        "@type": payload["eventType"],
        "@baseType": "Event",
        **told,
    }
