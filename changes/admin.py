"""Admin pages of changes, their tasks and outages."""

from django.contrib import admin

from changes.models import ChangeEntry, ChangeRequest, ChangeTask, Outage
from core.admin.base import ByActionsOnly, ReadOnlyInline, TenantAdmin


class TaskInline(ReadOnlyInline):
    model = ChangeTask
    fields = ["number", "short_description", "state", "assignment_group", "assigned_to"]


class EntryInline(ReadOnlyInline):
    model = ChangeEntry
    fields = ["created_at", "kind", "actor_name", "text"]
    ordering = ["-pk"]


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ByActionsOnly):
    """Changes to look at; the workspace moves them."""

    list_display = [
        "number",
        "short_description",
        "kind",
        "state",
        "ci",
        "planned_start",
        "planned_end",
        "assignment_group",
    ]
    list_filter = ["state", "kind", "assignment_group", "domain"]
    search_fields = ["number", "short_description", "ci__name"]
    list_select_related = ["ci", "assignment_group"]
    date_hierarchy = "opened_at"
    ordering = ["-opened_at", "-pk"]
    show_full_result_count = False
    inlines = [TaskInline, EntryInline]


@admin.register(ChangeTask)
class ChangeTaskAdmin(ByActionsOnly):
    """Pieces of changes."""

    list_display = ["number", "short_description", "state", "change", "assigned_to"]
    list_filter = ["state", "domain"]
    search_fields = ["number", "short_description", "change__number"]
    list_select_related = ["change", "assigned_to"]
    ordering = ["-opened_at", "-pk"]


@admin.register(ChangeEntry)
class ChangeEntryAdmin(ByActionsOnly):
    """The streams of all changes, to search in."""

    list_display = ["created_at", "change", "kind", "actor_name", "text"]
    list_filter = ["kind"]
    search_fields = ["change__number", "text", "actor_name"]
    list_select_related = ["change"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Outage)
class OutageAdmin(TenantAdmin):
    """When items did not serve as they should (C.7)."""

    list_display = ["number", "kind", "ci", "begins_at", "ends_at", "change", "domain"]
    list_filter = ["kind", "domain"]
    search_fields = ["number", "short_description", "ci__name"]
    list_select_related = ["ci", "change", "domain"]
    ordering = ["-begins_at", "-pk"]
    autocomplete_fields = ["ci", "change"]
