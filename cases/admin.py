"""Admin pages for cases and the field map."""

from django.contrib import admin

from cases.models import Case, CaseEntry, CaseFieldMap, CaseTask
from core.admin.base import ByActionsOnly, ReadOnlyInline


class EntryInline(ReadOnlyInline):
    model = CaseEntry
    fields = ["created_at", "kind", "actor_name", "text"]
    ordering = ["-pk"]


@admin.register(Case)
class CaseAdmin(ByActionsOnly):
    list_display = [
        "number",
        "account",
        "contact",
        "major_state",
        "short_description",
        "state",
        "incident",
        "opened_at",
    ]
    list_filter = ["state", "major_state", "proactive", "channel", "domain"]
    search_fields = ["number", "short_description", "account__name"]
    list_select_related = ["account", "contact", "incident"]
    date_hierarchy = "opened_at"
    inlines = (EntryInline,)


@admin.register(CaseTask)
class CaseTaskAdmin(ByActionsOnly):
    list_display = ["number", "case", "short_description", "state"]
    list_filter = ["state"]
    search_fields = ["number", "short_description", "case__number"]


@admin.register(CaseFieldMap)
class CaseFieldMapAdmin(admin.ModelAdmin[CaseFieldMap]):
    """Which fields pass from the incident to each proactive case (R102)."""

    list_display = ["incident_field", "case_field", "active"]
    list_editable = ["active"]
    search_fields = ["incident_field", "case_field"]
