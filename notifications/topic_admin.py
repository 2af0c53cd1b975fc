"""Let admin's topics follow the same way as those of the API."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from notifications.models import Topic
from notifications.topics import delete_topic, topic_saved


class ToldTopics(admin.ModelAdmin[Any]):
    """Give saved topics their lines, and tell subscribers that topics came and went."""

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        topic_saved(topic=obj, now=timezone.now(), created=not change)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        delete_topic(topic=obj, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        for topic in queryset:
            delete_topic(topic=topic, now=timezone.now())
