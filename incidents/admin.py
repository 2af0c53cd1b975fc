"""Admin pages for incidents and their choice lists."""

from django.contrib import admin

from core.admin.base import ByActionsOnly, ReadOnlyInline
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    Alert,
    Category,
    ImpactedService,
    Incident,
    IncidentEntry,
    IncidentState,
    IncidentTask,
    PriorityRule,
    Problem,
    StateTransition,
    Subcategory,
    WorkOrder,
)


class EntryInline(ReadOnlyInline):
    model = IncidentEntry
    fields = ["created_at", "kind", "actor_name", "text"]
    ordering = ["-pk"]


class AccountInline(ReadOnlyInline):
    model = AffectedAccount
    fields = ["account", "source", "manual", "excluded"]


class ServiceInline(ReadOnlyInline):
    model = ImpactedService
    fields = ["service", "manual"]


class CIInline(ReadOnlyInline):
    model = AffectedCI
    fields = ["ci", "manual"]


@admin.register(Incident)
class IncidentAdmin(ByActionsOnly):
    list_display = [
        "number",
        "short_description",
        "priority",
        "state",
        "stage",
        "assignment_group",
        "assigned_to",
        "opened_at",
    ]
    list_filter = ["state", "stage", "priority", "category", "assignment_group", "domain"]
    search_fields = ["number", "short_description", "ci__name"]
    date_hierarchy = "opened_at"
    list_select_related = ["assignment_group", "assigned_to"]
    inlines = [CIInline, ServiceInline, AccountInline, EntryInline]


@admin.register(IncidentTask)
class IncidentTaskAdmin(ByActionsOnly):
    list_display = ["number", "incident", "stage", "state", "assignment_group", "opened_at"]
    list_filter = ["state", "stage", "assignment_group"]
    search_fields = ["number", "short_description", "incident__number"]
    list_select_related = ["incident", "assignment_group"]


class SubcategoryInline(admin.TabularInline[Subcategory, Category]):
    model = Subcategory
    extra = 0


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """Categories with their sub categories (R21, R22)."""

    list_display = ["label", "value", "order", "active"]
    list_editable = ["order", "active"]
    search_fields = ["label", "value"]
    inlines = [SubcategoryInline]


class TransitionInline(admin.TabularInline[StateTransition, IncidentState]):
    model = StateTransition
    fk_name = "source"
    extra = 0


@admin.register(IncidentState)
class IncidentStateAdmin(admin.ModelAdmin[IncidentState]):
    """States, their order and the moves this site allows (C.1)."""

    list_display = ["label", "value", "number", "order", "open", "tmf_status"]
    search_fields = ["label", "value"]
    inlines = [TransitionInline]


@admin.register(PriorityRule)
class PriorityRuleAdmin(admin.ModelAdmin[PriorityRule]):
    """The priority matrix (R13)."""

    list_display = ["__str__", "impact", "urgency", "priority", "order", "active"]
    list_editable = ["priority", "order", "active"]
    list_filter = ["active"]
    search_fields = ["priority"]


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin[Alert]):
    list_display = ["number", "short_description", "severity", "ci", "incident", "raised_at"]
    list_filter = ["severity"]
    search_fields = ["number", "short_description", "ci__name"]
    autocomplete_fields = ["ci", "incident"]


@admin.register(Problem)
class ProblemAdmin(admin.ModelAdmin[Problem]):
    list_display = ["number", "short_description", "state", "priority", "ci", "opened_at"]
    list_filter = ["state", "priority"]
    search_fields = ["number", "short_description"]
    autocomplete_fields = ["ci", "account", "assignment_group", "assigned_to"]


@admin.register(WorkOrder)
class WorkOrderAdmin(admin.ModelAdmin[WorkOrder]):
    list_display = ["number", "short_description", "kind", "state", "incident"]
    list_filter = ["kind", "state"]
    search_fields = ["number", "short_description"]
    autocomplete_fields = ["incident", "account", "assignment_group", "assigned_to"]
