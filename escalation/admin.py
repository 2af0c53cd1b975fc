"""Admin pages for tables, subflows, messages and runs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.actor import actor_of
from core.admin.base import OwnDomains, ReadOnlyInline, sees_everything
from core.models import User
from escalation import texts
from escalation.actions import retry_run
from escalation.forms import MessageForm
from escalation.models import (
    DecisionTable,
    Flow,
    Message,
    Run,
    Subflow,
    SubflowStep,
    TableVersion,
)
from incidents.errors import Refused


@admin.register(DecisionTable)
class DecisionTableAdmin(admin.ModelAdmin[DecisionTable]):
    """Names and domains; rows are written on pages of their own."""

    list_display = ["name", "key", "kind", "domain", "published", "versions_count"]
    search_fields = ["name", "key"]

    def has_delete_permission(self, request: HttpRequest, obj: DecisionTable | None = None) -> bool:
        """Keep tables that have decided: runs name their versions."""
        decided = obj is not None and obj.versions.exclude(state="draft").exists()
        return not decided and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DecisionTable]:
        return super().get_queryset(request).annotate(count=Count("versions"))

    @admin.display(description="versions", ordering="count")
    def versions_count(self, table: DecisionTable) -> int:
        return table.count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description="published version")
    def published(self, table: DecisionTable) -> str:
        version = table.versions.filter(state=TableVersion.State.PUBLISHED).first()
        return str(version.number) if version else "(none)"


class SubflowStepInline(ReadOnlyInline):
    model = SubflowStep
    fields = ["position", "step", "options", "conditions", "active"]
    ordering = ["position"]


@admin.register(Subflow)
class SubflowAdmin(admin.ModelAdmin[Subflow]):
    """To look at: subflows are composed, published and switched under Rules in the workspace."""

    list_display = ["name", "subcategory", "stage", "group", "message_key", "version", "active"]
    list_filter = ["stage", "subcategory", "active"]
    list_select_related = ["group"]
    search_fields = ["name", "key", "message_key"]
    fields = ["name", "key", "description", "subcategory", "stage", "group", "message_key"]
    fields += ["escalate_after", "version", "active"]
    readonly_fields = ["key", "subcategory", "stage", "group", "message_key"]
    readonly_fields += ["escalate_after", "version", "active"]
    inlines = [SubflowStepInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subflow | None = None) -> bool:
        return sees_everything() and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Subflow | None = None) -> bool:
        # Runs name their subflow; who wants it no more switches it off.
        return obj is not None and obj.version == 0 and self.has_change_permission(request, obj)


@admin.register(Flow)
class FlowAdmin(admin.ModelAdmin[Flow]):
    list_display = ["name", "category", "subcategory", "initial_subflow", "active"]
    list_editable = ["active"]
    search_fields = ["name", "category", "subcategory"]
    autocomplete_fields = ["initial_subflow"]


@admin.register(Message)
class MessageAdmin(OwnDomains):
    """Search `sd_wan`, edit, save: the next run uses the new text (R75)."""

    form = MessageForm
    shared_rows = True
    list_display = ["key", "language", "domain", "version", "changed", "updated_at"]
    list_filter = ["language", "domain"]
    list_select_related = ["domain"]
    search_fields = ["key", "text"]
    actions = ["reset"]

    def get_readonly_fields(self, request: HttpRequest, obj: Message | None = None) -> list[str]:
        return ["key", "language", "domain"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        # A tenant may not change what holds for all others; it adds a text of its own.
        own = obj is None or obj.domain_id is not None or sees_everything()
        return own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        own = sees_everything() or (obj is not None and obj.domain_id is not None)
        return own and super().has_delete_permission(request, obj)

    @admin.display(boolean=True, description="changed here")
    def changed(self, message: Message) -> bool:
        return message.changed_here

    @admin.action(description="Reset to the shipped text", permissions=["change"])
    def reset(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        assert isinstance(request.user, User)
        for message in chosen.exclude(shipped_text=""):
            if self.has_change_permission(request, message):
                texts.reset_message(
                    message_id=message.pk, by=actor_of(request.user), now=timezone.now()
                )

    def save_model(self, request: HttpRequest, obj: Message, form: Any, change: bool) -> None:
        """Save through the same verb as the workspace, so that every text is kept."""
        assert isinstance(request.user, User)
        by, now = actor_of(request.user), timezone.now()
        if change:
            seen = Message.objects.values_list("version", flat=True).get(pk=obj.pk)
            texts.write_message(
                message_id=obj.pk, text=obj.text, comment="", seen_version=seen, by=by, now=now
            )
            return
        made = texts.add_message(
            key=obj.key,
            language=obj.language,
            domain_id=obj.domain_id,
            text=obj.text,
            by=by,
            now=now,
        )
        obj.pk = made.pk


@admin.register(Run)
class RunAdmin(admin.ModelAdmin[Run]):
    """Every run with its inputs, the row that decided, its steps and timings; read only (R66)."""

    list_display = ["incident", "subflow", "kind", "state", "planned_at", "finished_at"]
    list_filter = ["state", "kind", "subflow"]
    search_fields = ["incident__number", "subflow__name"]
    date_hierarchy = "planned_at"
    list_select_related = ["incident", "subflow"]
    actions = ["retry"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("escalation.retry_run")

    @admin.action(description="Try failed runs again", permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        assert isinstance(request.user, User)
        for run in chosen:
            try:
                retry_run(run_id=run.pk, by=actor_of(request.user), now=timezone.now())
            except Refused as error:
                self.message_user(request, f"{run}: {error}", messages.ERROR)
