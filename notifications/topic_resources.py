"""How topics are told to machines (TMF688 v4), and where they are found."""

from typing import Any

from notifications.models import Topic

Resource = dict[str, Any]
BASE = "/tmf-api/event/v4"
# Attribute → field; the last four are no part of the standard but of the document (C.14).
ATTRIBUTES = {
    "name": "name",
    "headerQuery": "header_query",
    "contentQuery": "content_query",
    "namespace": "namespace",
    "externalId": "external_id",
    "description": "description",
    "type": "type",
}


def topic_resource(topic: Topic, base_url: str) -> Resource:
    """Return what a topic tells; `base_url` has no trailing slash."""
    told = {name: getattr(topic, field) for name, field in ATTRIBUTES.items()}
    return {
        "id": str(topic.uid),
        "href": f"{base_url}{BASE}/topic/{topic.uid}",
        **{name: value for name, value in told.items() if value},
        "@type": "Topic",
    }
