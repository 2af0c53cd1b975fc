"""Addresses of topics, events and hubs, each with and without a trailing slash."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, re_path

from notifications.api.events import Events, OneEvent
from notifications.api.hubs import (
    OF_TOPIC,
    TMF621_V4,
    TMF621_V5,
    TMF688,
    Subscription,
    Subscriptions,
)
from notifications.api.topics import OneTopic, Registration, Topics
from notifications.description.views import EventDescription
from notifications.topic_resources import BASE
from tmf621.api.base import UnknownAddress

TOPIC = rf"{BASE}/topic/(?P<topic_id>[^/]+)"
SUBSCRIPTION = r"(?P<subscription_id>[^/]+)"
# Only a topic's hub can be listed, and not every standard lets clients look at a subscription.
POST = ["post"]


def _at(path: str, view: Callable[..., Any], name: str) -> URLPattern:
    address: URLPattern = re_path(rf"^{path.removeprefix('/')}/?\Z", view, name=name)
    return address


app_name = "notifications"
urlpatterns = [
    _at(f"{BASE}/asyncapi.json", EventDescription.as_view(), "asyncapi"),
    _at(f"{BASE}/topic", Topics.as_view(), "topics"),
    _at(TOPIC, OneTopic.as_view(), "topic"),
    _at(f"{TOPIC}/event", Events.as_view(), "events"),
    _at(f"{TOPIC}/event/(?P<event_id>[^/]+)", OneEvent.as_view(), "event"),
    _at(f"{TOPIC}/hub", Subscriptions.as_view(hub=OF_TOPIC), "topic-hub"),
    _at(f"{TOPIC}/hub/{SUBSCRIPTION}", Subscription.as_view(hub=OF_TOPIC), "topic-subscription"),
    *(
        _at(hub.path, Subscriptions.as_view(hub=hub, http_method_names=POST), f"{hub.name}-hub")
        for hub in (TMF688, TMF621_V4, TMF621_V5)
    ),
    *(
        _at(
            f"{hub.path}/{SUBSCRIPTION}",
            Subscription.as_view(hub=hub, http_method_names=["delete"]),
            f"{hub.name}-subscription",
        )
        for hub in (TMF688, TMF621_V4)
    ),
    _at(
        f"{TMF621_V5.path}/{SUBSCRIPTION}",
        Subscription.as_view(hub=TMF621_V5),
        f"{TMF621_V5.name}-subscription",
    ),
    _at(
        "/api/sn_api_notif_mgmt/(?:(?P<version>v1)/)?topic", Registration.as_view(), "registration"
    ),
    re_path(r"^api/sn_api_notif_mgmt(/|\Z)", UnknownAddress.as_view(), name="unknown"),
]
