"""Admin page of topics (R158-R160), and where a pair of queries is tried out."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import URLPattern, path

from core.admin.base import TenantAdmin
from notifications.admin.deleting import KeepsWhatWaits
from notifications.admin.forms import TopicForm
from notifications.admin.trying import try_it
from notifications.models import Topic
from notifications.topic_admin import ToldTopics


@admin.register(Topic)
class TopicAdmin(ToldTopics, KeepsWhatWaits, TenantAdmin):
    """Which events go to which topic of the bus."""

    form = TopicForm
    list_display = ["name", "type", "header_query", "content_query", "namespace", "on_bus"]
    list_filter = ["type", "on_bus", "user_created", "domain"]
    search_fields = ["name", "external_id", "namespace", "description"]
    search_help_text = "Name, topic id, namespace or description."
    ordering = ["name"]
    facts = ["on_bus", "on_bus_detail", "on_bus_checked_at", "user_created", "created_at"]

    def get_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[Any]:
        written = list(TopicForm.Meta.fields)
        return written if obj is None else [*written, *self.facts]

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        return [] if obj is None else ["type", *self.facts]

    def deliveries_of(self, chosen: Iterable[Model]) -> Q:
        return Q(subscriber__topic__in=[each.pk for each in chosen])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(lambda request: try_it(self, request))
        return [path("try-it/", view, name="notifications_topic_try"), *super().get_urls()]
