"""Admin pages for tables, subflows, messages and runs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.actor import actor_of
from core.models import User
from escalation.actions import retry_run
from escalation.forms import MessageForm, SubflowStepForm
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


class SubflowStepInline(admin.TabularInline[SubflowStep, Subflow]):
    model = SubflowStep
    form = SubflowStepForm
    extra = 0
    ordering = ["position"]


@admin.register(Subflow)
class SubflowAdmin(admin.ModelAdmin[Subflow]):
    list_display = ["name", "subcategory", "stage", "group", "message_key", "active"]
    list_filter = ["stage", "subcategory", "active"]
    search_fields = ["name", "key", "message_key"]
    autocomplete_fields = ["group"]
    prepopulated_fields = {"key": ["name"]}
    inlines = [SubflowStepInline]
    save_as = True


@admin.register(Flow)
class FlowAdmin(admin.ModelAdmin[Flow]):
    list_display = ["name", "category", "subcategory", "initial_subflow", "active"]
    list_editable = ["active"]
    search_fields = ["name", "category", "subcategory"]
    autocomplete_fields = ["initial_subflow"]


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    """Search `sd_wan`, edit, save: the next run uses the new text (R75)."""

    form = MessageForm
    list_display = ["key", "language", "domain", "version", "changed_here", "updated_at"]
    list_filter = ["language", "domain"]
    search_fields = ["key", "text"]
    actions = ["reset"]

    @admin.display(boolean=True, description="changed here")
    def changed_here(self, message: Message) -> bool:
        return bool(message.shipped_text) and message.text != message.shipped_text

    @admin.action(description="Reset to the shipped text", permissions=["change"])
    def reset(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen.exclude(shipped_text=""):
            message.text = message.shipped_text
            self.save_model(request, message, None, True)

    def save_model(self, request: HttpRequest, obj: Message, form: Any, change: bool) -> None:
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)


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

    @admin.action(description="Try failed runs again", permissions=["view"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        assert isinstance(request.user, User)
        for run in chosen:
            try:
                retry_run(run_id=run.pk, by=actor_of(request.user), now=timezone.now())
            except Refused as error:
                self.message_user(request, f"{run}: {error}", messages.ERROR)
