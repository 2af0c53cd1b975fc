"""Admin pages of what happened and what is still to be done."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.admin.base import ByActionsOnly, OwnDomains, ReadOnlyInline
from core.deliveries import replay
from core.models import Delivery, DomainEvent, Heartbeat, NumberSeries


class DeliveryInline(ReadOnlyInline):
    """Who still has to hear of the event."""

    model = Delivery
    fields = ["reaction", "state", "attempts", "due_at", "finished_at", "error"]


@admin.register(DomainEvent)
class DomainEventAdmin(ByActionsOnly, OwnDomains):
    """Everything that happened, as it was written."""

    list_display = ["happened_at", "name", "record_type", "record_id", "domain"]
    list_filter = ["record_type", "name", "domain"]
    search_fields = ["name", "record_type", "=record_id"]
    search_help_text = "Name or type of the event, or the id of a record."
    list_select_related = ["domain"]
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = [DeliveryInline]


@admin.register(Delivery)
class DeliveryAdmin(ByActionsOnly, OwnDomains):
    """Events on their way; dead ones can be put back in line."""

    domain_lookup = "event__domain_id"
    list_display = ["pk", "reaction", "record_key", "state", "attempts", "due_at", "finished_at"]
    list_filter = ["state", "reaction"]
    search_fields = ["reaction", "record_key", "error"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["replay_deliveries"]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("core.change_delivery")

    @admin.action(description="Replay", permissions=["replay"])
    def replay_deliveries(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        count = replay(delivery_ids=list(rows.values_list("pk", flat=True)), now=timezone.now())
        self.message_user(request, f"{count} deliveries are in line again.", messages.SUCCESS)


@admin.register(Heartbeat)
class HeartbeatAdmin(ByActionsOnly):
    """When each duty was last done."""

    list_display = ["name", "beat_at"]
    search_fields = ["name"]
    ordering = ["name"]


@admin.register(NumberSeries)
class NumberSeriesAdmin(admin.ModelAdmin[NumberSeries]):
    """Prefix and width of record numbers."""

    list_display = ["prefix", "digits"]
    search_fields = ["prefix"]
    ordering = ["prefix"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: NumberSeries | None = None
    ) -> list[str]:
        # The prefix is the key: changing it would start a second series.
        return ["prefix"] if obj else []
