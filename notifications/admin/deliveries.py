"""Admin pages of events and their deliveries; replay and skip are written to the admin log."""

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from core.admin.base import ByActionsOnly, ReadOnlyInline
from core.admin.rights import editor_of
from core.scope import current_scope
from notifications import steering
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber

STEER = "notifications.replay_delivery"


@admin.register(StagedEvent)
class StagedEventAdmin(ByActionsOnly):
    """The staging queue (R155) with the payload that was sent."""

    list_display = ["event_type", "ticket_number", "sequence", "state", "happened_at", "error"]
    list_filter = ["state", "event_type", "domain"]
    search_fields = ["ticket_number", "event_id"]
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = ["payload", "snapshot"]
    readonly_fields = ["event_id", "pretty_payload"]

    @admin.display(description="payload")
    def pretty_payload(self, event: StagedEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.payload, indent=2))


class AttemptInline(ReadOnlyInline):
    """Every try, the newest first."""

    model = Attempt
    verbose_name_plural = "tries"
    fields = ["started_at", "milliseconds", "ok", "status", "detail"]
    ordering = ["-pk"]


@admin.register(OutboundDelivery)
class OutboundDeliveryAdmin(ByActionsOnly):
    """Events on their way to subscribers, with every try."""

    list_display = ["event", "subscriber", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "subscriber__transport", "subscriber"]
    search_fields = ["event__ticket_number", "event__event_id", "error"]
    search_help_text = "Number of the ticket, id of the event, or words of the error."
    list_select_related = ["event", "subscriber"]
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = (AttemptInline,)
    actions = ["replay_chosen", "skip_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboundDelivery]:
        rows: QuerySet[OutboundDelivery] = super().get_queryset(request)
        if current_scope().domain_ids is None:
            return rows
        # A tenant's events may go to its provider as well; that is not the tenant's business.
        return rows.filter(subscriber__in=Subscriber.objects.all())

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(STEER)

    @admin.action(description="Replay", permissions=["replay"])
    def replay_chosen(self, request: HttpRequest, chosen: QuerySet[OutboundDelivery]) -> None:
        count = steering.replay(chosen, by=editor_of(request))
        self.message_user(request, f"{count} are due again.")

    @admin.action(description="Skip: give up on purpose", permissions=["replay"])
    def skip_chosen(self, request: HttpRequest, chosen: QuerySet[OutboundDelivery]) -> None:
        count = steering.skip(chosen, by=editor_of(request))
        self.message_user(request, f"{count} are skipped.")
