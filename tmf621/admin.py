"""Look at what clients said about their tickets; only the API changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tmf621.models import StatusChange, TicketFacts


class LookOnly(admin.ModelAdmin[Any]):
    """Written by machines, read by people."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TicketFacts)
class TicketFactsAdmin(LookOnly):
    list_display = ["__str__", "incident", "case", "client", "severity", "ticket_type"]
    list_filter = ["ticket_type", "client", "domain"]
    list_select_related = ["incident", "case", "client"]
    search_fields = ["external_id", "incident__number", "case__number"]


@admin.register(StatusChange)
class StatusChangeAdmin(LookOnly):
    list_display = ["status", "incident", "case", "reason", "changed_at"]
    list_filter = ["status", "domain"]
    list_select_related = ["incident", "case"]
    search_fields = ["incident__number", "case__number", "reason"]
    date_hierarchy = "changed_at"
