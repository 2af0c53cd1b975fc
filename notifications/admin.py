"""Admin pages for what leaves the house; replay and skip are written to the admin log."""

import json

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from core.admin.base import ByActionsOnly, ReadOnlyInline, TenantAdmin
from notifications.models import (
    Attempt,
    InboxItem,
    MailMessage,
    OutboundDelivery,
    StagedEvent,
    Subscriber,
)
from notifications.send import replay, skip


@admin.register(StagedEvent)
class StagedEventAdmin(ByActionsOnly):
    """The staging queue (R155) with the payload that was sent."""

    list_display = ["event_type", "ticket_number", "sequence", "state", "happened_at", "error"]
    list_filter = ["state", "event_type", "domain"]
    search_fields = ["ticket_number", "event_id"]
    date_hierarchy = "happened_at"
    exclude = ["payload", "snapshot"]
    readonly_fields = ["pretty_payload"]

    @admin.display(description="payload")
    def pretty_payload(self, event: StagedEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.payload, indent=2))


@admin.register(Subscriber)
class SubscriberAdmin(TenantAdmin):
    list_display = ["name", "transport", "url", "event_types", "active", "domain"]
    list_filter = ["transport", "active"]
    search_fields = ["name", "url"]


class AttemptInline(ReadOnlyInline):
    model = Attempt


@admin.register(OutboundDelivery)
class OutboundDeliveryAdmin(ByActionsOnly):
    list_display = ["event", "subscriber", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "subscriber"]
    search_fields = ["event__ticket_number", "event__event_id"]
    list_select_related = ["event", "subscriber"]
    inlines = (AttemptInline,)
    actions = ["replay_chosen", "skip_chosen"]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.replay_delivery")

    @admin.action(description="Replay", permissions=["replay"])
    def replay_chosen(self, request: HttpRequest, chosen: QuerySet[OutboundDelivery]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        self.message_user(request, f"{replay(delivery_ids=ids, now=timezone.now())} are due again.")
        self._log(request, chosen, "Replayed.")

    @admin.action(description="Skip: give up on purpose", permissions=["replay"])
    def skip_chosen(self, request: HttpRequest, chosen: QuerySet[OutboundDelivery]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        self.message_user(request, f"{skip(delivery_ids=ids)} are skipped.")
        self._log(request, chosen, "Skipped.")

    def _log(self, request: HttpRequest, chosen: QuerySet[OutboundDelivery], text: str) -> None:
        LogEntry.objects.log_actions(request.user.pk or 0, chosen, CHANGE, text)


@admin.register(MailMessage)
class MailMessageAdmin(ByActionsOnly):
    list_display = ["subject", "to", "account", "state", "attempts", "sent_at", "error"]
    list_filter = ["state"]
    search_fields = ["subject", "to", "case__number"]
    list_select_related = ["account"]


@admin.register(InboxItem)
class InboxItemAdmin(ByActionsOnly):
    list_display = ["text", "user", "read_at", "created_at"]
    search_fields = ["text", "user__username"]
