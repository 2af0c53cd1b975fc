"""Admin page of subscribers: made by hand here, looked at and steered wherever they come from."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from core.admin.base import TenantAdmin
from core.admin.rights import editor_of
from notifications import steering
from notifications.admin.deleting import KeepsWhatWaits
from notifications.admin.deliveries import STEER
from notifications.admin.forms import SubscriberForm
from notifications.models import Subscriber

Rows = QuerySet[Subscriber]


@admin.register(Subscriber)
class SubscriberAdmin(KeepsWhatWaits, TenantAdmin):
    """Lines belong to their topic and hubs to their client: here they are only steered."""

    form = SubscriberForm
    list_display = ["name", "transport", "url", "query", "active", "paused", "quiet_until"]
    list_filter = ["transport", "active", "paused", "hub", "domain"]
    search_fields = ["name", "url", "query"]
    list_select_related = ["topic"]
    ordering = ["name"]
    actions = ["pause", "resume", "replay_dead", "show_secret", "rotate_secret"]
    facts = ["hub", "client", "topic", "created_at", "failures", "quiet_until", "rotated_at"]

    def get_fields(self, request: HttpRequest, obj: Subscriber | None = None) -> list[Any]:
        written = list(SubscriberForm.Meta.fields)
        return written if obj is None else [*written, *self.facts]

    def get_readonly_fields(self, request: HttpRequest, obj: Subscriber | None = None) -> list[str]:
        if obj is None:
            return []
        left = {"paused"} if obj.topic_id else {"active", "paused"}
        foreign = obj.topic_id or obj.hub
        written = SubscriberForm.Meta.fields if foreign else ["transport"]
        return [*(name for name in written if name not in left), *self.facts]

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        is_line = obj is not None and _is_line(obj)
        return not is_line and super().has_delete_permission(request, obj)

    def deliveries_of(self, chosen: Iterable[Model]) -> Q:
        return Q(subscriber__in=[each.pk for each in chosen])

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        names, counts, perms, held = super().get_deleted_objects(objs, request)
        lines = [f"{each}: it goes with its topic" for each in objs if _is_line(each)]
        return names, counts, perms, [*held, *lines]

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(STEER) or self.has_change_permission(request)

    @admin.action(description="Pause: let events wait", permissions=["steer"])
    def pause(self, request: HttpRequest, chosen: Rows) -> None:
        count = steering.pause(chosen, by=editor_of(request))
        self.message_user(request, f"{count} are paused. Events wait for them, none is lost.")

    @admin.action(description="Resume: let events flow at once", permissions=["steer"])
    def resume(self, request: HttpRequest, chosen: Rows) -> None:
        count = steering.resume(chosen, by=editor_of(request))
        self.message_user(request, f"{count} get their events again.")

    @admin.action(description="Replay everything dead", permissions=["steer"])
    def replay_dead(self, request: HttpRequest, chosen: Rows) -> None:
        count = steering.replay_dead(chosen, by=editor_of(request))
        self.message_user(request, f"{count} deliveries are due again.")

    @admin.action(description="Show the signing secret", permissions=["change"])
    def show_secret(self, request: HttpRequest, chosen: Rows) -> None:
        for each in self._signing(request, chosen):
            secret = steering.show_secret(each, by=editor_of(request))
            text = f"{each} is signed with {secret} – that you looked is written down."
            self.message_user(request, text, messages.WARNING)

    @admin.action(description="Give a new signing secret", permissions=["change"])
    def rotate_secret(self, request: HttpRequest, chosen: Rows) -> None:
        for each in self._signing(request, chosen):
            secret = steering.rotate_secret(each, by=editor_of(request))
            text = f"The new secret of {each} is {secret}. The former one signs as well for a day."
            self.message_user(request, text, messages.WARNING)

    def _signing(self, request: HttpRequest, chosen: Rows) -> list[Subscriber]:
        found: list[Subscriber] = []
        for each in chosen:
            if each.signed and each.transport == Subscriber.Transport.HTTP:
                found.append(each)
            else:
                self.message_user(request, f"Nothing is signed for {each}.", messages.ERROR)
        return found


def _is_line(subscriber: Subscriber) -> bool:
    return subscriber.topic_id is not None and not subscriber.hub
