"""Make, change and delete topics (R158-R160); each act is told to who subscribed to topics."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core.models import Domain
from core.wake import wake
from notifications.models import Topic
from notifications.names import TOPIC_CHANGE, TOPIC_CREATE, TOPIC_DELETE
from notifications.topic_events import last_told, stage_topic
from notifications.topic_lines import make_lines
from notifications.topic_resources import topic_resource
from tmf621.errors import UnknownTicket
from tmf621.resolving import as_uuid


class TopicTaken(Exception):
    """Another topic of the domain is the same."""


class ExternalIdTaken(TopicTaken):
    """Another topic of the domain has this external id."""


def find_topic(key: str, *, lock: bool = False) -> Topic:
    """Return the topic with this id; `UnknownTicket` also for another domain's."""
    uid = as_uuid(key)
    rows = Topic.objects.filter(uid=uid) if uid else Topic.objects.none()
    if lock and connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    found = rows.first()
    if found is None:
        raise UnknownTicket("There is no such topic.")
    return found


@transaction.atomic
def create_topic(
    *, values: dict[str, Any], domain: Domain, now: datetime, user_created: bool
) -> Topic:
    """Make a topic of checked values with its lines.

    Errors: `ExternalIdTaken`, `TopicTaken` where the domain has one like it.
    """
    topic = Topic(**values, domain=domain, user_created=user_created, created_at=now)
    _check_free(topic)
    try:
        with transaction.atomic():
            topic.save()
    except IntegrityError as error:
        # Somebody else was faster.
        _check_free(topic)
        raise TopicTaken from error
    topic_saved(topic=topic, now=now, created=True)
    return topic


@transaction.atomic
def topic_saved(*, topic: Topic, now: datetime, created: bool) -> None:
    """Do what follows when a topic was made or changed; no change is no event."""
    make_lines(topic)
    if created:
        stage_topic(topic, TOPIC_CREATE, "Topic created", now)
    elif last_told(topic) != topic_resource(topic, settings.PUBLIC_URL):
        stage_topic(topic, TOPIC_CHANGE, "Topic changed", now)
        Topic.unscoped.filter(pk=topic.pk).update(on_bus_checked_at=None)
    transaction.on_commit(lambda: wake("topic_sync"))


@transaction.atomic
def delete_topic(*, topic: Topic, now: datetime) -> None:
    """Delete a topic with its lines, its subscriptions and what has not gone out over them."""
    stage_topic(topic, TOPIC_DELETE, "Topic deleted", now)
    topic.delete()


def _check_free(topic: Topic) -> None:
    others = Topic.unscoped.filter(domain_id=topic.domain_pk)
    if topic.external_id and others.filter(external_id=topic.external_id).exists():
        raise ExternalIdTaken
    same = ("name", "header_query", "content_query", "namespace")
    if others.filter(**{name: getattr(topic, name) for name in same}).exists():
        raise TopicTaken
