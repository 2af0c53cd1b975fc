"""Topics (TMF688 v4, and ServiceNow's address for them): parse, make one call, present."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Domain
from notifications.api.base import ADD, DELETE, REGISTER, VIEW, TopicsView
from notifications.api.bodies import OWNED, read_topic
from notifications.models import Topic
from notifications.topic_resources import ATTRIBUTES, topic_resource
from notifications.topics import (
    ExternalIdTaken,
    TopicTaken,
    create_topic,
    delete_topic,
    find_topic,
)
from tmf621.api.answers import chosen, page_headers
from tmf621.api.base import base_url_of, body_of, client_of
from tmf621.errors import BadAttribute, BadBody, BadQuery, Conflict
from tmf621.filtering import read_query
from tmf621.lists.paging import Listing, Row, read_page
from tmf621.resolving import as_uuid
from tmf621.retries import answer_once

ALWAYS = ("id", "href")
SORTS = {"creationDate": "created_at", "name": "name"}
RESERVED = ("fields", "offset", "limit", "sort", "before", "after")
CREATED = 201
# ServiceNow's words, to the letter (C.14).
EXTERNAL_ID_EXISTS = (
    "Topic external id passed already exists. Please pass the unique topic external id"
)
NOT_UNIQUE = (
    "Please pass the unique combination of topic name, header query, content query and namespace"
)
REGISTERED = ("name", "headerQuery", "contentQuery", "namespace", "externalId")


class Topics(TopicsView):
    """The collection."""

    needs = {"GET": VIEW, "POST": ADD}

    def get(self, request: Request) -> Response:
        query = request.query_params
        page = read_page(query, topic_listing(query, base_url_of(request)))
        told = [chosen(each, query, ALWAYS) for each in page.items]
        return Response(told, status=page.status, headers=page_headers(page, request))

    @transaction.atomic
    def post(self, request: Request) -> Response:
        now, client = timezone.now(), client_of(request)

        def create() -> Response:
            values = read_topic(body_of(request))
            try:
                topic = create_topic(
                    values=values, domain=client.domain, now=now, user_created=False
                )
            except ExternalIdTaken as error:
                raise Conflict("externalId: another topic has this one already.") from error
            except TopicTaken as error:
                raise Conflict(
                    "Another topic has this name, these queries and this namespace already."
                ) from error
            told = topic_resource(topic, base_url_of(request))
            told_part = chosen(told, request.query_params, ALWAYS)
            return Response(told_part, status=CREATED, headers={"Location": told["href"]})

        return answer_once(request, client, now, create)


class OneTopic(TopicsView):
    """One topic."""

    needs = {"GET": VIEW, "DELETE": DELETE}

    def get(self, request: Request, topic_id: str) -> Response:
        told = topic_resource(find_topic(topic_id), base_url_of(request))
        return Response(chosen(told, request.query_params, ALWAYS))

    @transaction.atomic
    def delete(self, request: Request, topic_id: str) -> Response:
        delete_topic(topic=find_topic(topic_id, lock=True), now=timezone.now())
        return Response(status=204)


class Registration(TopicsView):
    """ServiceNow's *Event Management Topic Open API*: machines push topics in (R159)."""

    needs = {"GET": REGISTER}

    @transaction.atomic
    def post(self, request: Request, version: str = "") -> Response:
        now, client = timezone.now(), client_of(request)

        def register() -> Response:
            body = body_of(request)
            if not isinstance(body, dict):
                raise BadBody("The body must be a JSON object.")
            # Such a dialect passes over what it does not know.
            sent = {name: body[name] for name in REGISTERED if body.get(name) is not None}
            topic = _register(read_topic(sent), client.domain, now)
            return Response({**sent, "id": str(topic.uid)}, status=CREATED)

        return answer_once(request, client, now, register)


def _register(values: dict[str, Any], domain: Domain, now: datetime) -> Topic:
    try:
        return create_topic(values=values, domain=domain, now=now, user_created=False)
    except ExternalIdTaken as error:
        raise BadAttribute(EXTERNAL_ID_EXISTS) from error
    except TopicTaken as error:
        raise BadAttribute(NOT_UNIQUE) from error


def topic_listing(query: QueryDict, base_url: str) -> Listing:
    """Return the listing of the topics a query string asks for; filters compare for equality."""
    pairs = [(key, text) for key, texts in query.lists() for text in texts]
    condition = Q()
    for part in read_query(pairs, reserved=RESERVED).parts:
        equal = part.equality()
        name = equal[0][0] if equal and len(equal[0]) == 1 else ""
        if equal is None or (name not in ATTRIBUTES and name not in OWNED):
            raise BadQuery("Topics are found by the equality of id and of what they tell.")
        condition &= _equals(name, equal[1])

    def tell(rows: list[Row]) -> list[dict[str, Any]]:
        return [topic_resource(Topic(**row), base_url) for row in rows]

    columns = ("uid", *ATTRIBUTES.values())
    return Listing(Topic.objects.filter(condition), SORTS, columns, tell)


def _equals(name: str, texts: tuple[str, ...]) -> Q:
    if name in OWNED:
        # An address ends with the id.
        uids = [uid for uid in (as_uuid(text.rsplit("/", 1)[-1]) for text in texts) if uid]
        return Q(uid__in=uids)
    return Q(**{f"{ATTRIBUTES[name]}__in": texts})
