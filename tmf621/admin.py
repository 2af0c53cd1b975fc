"""Look at what clients said about their tickets; say which status changes they may ask for."""

from django.contrib import admin

from core.admin.base import ByActionsOnly, SiteWide
from tmf621.models import StatusChange, StatusTransition, TicketFacts, TicketSpecification


@admin.register(TicketFacts)
class TicketFactsAdmin(ByActionsOnly):
    list_display = ["__str__", "incident", "case", "client", "severity", "ticket_type"]
    list_filter = ["ticket_type", "client", "domain"]
    list_select_related = ["incident", "case", "client"]
    search_fields = ["external_id", "incident__number", "case__number"]


@admin.register(StatusChange)
class StatusChangeAdmin(ByActionsOnly):
    list_display = ["status", "incident", "case", "reason", "changed_at"]
    list_filter = ["status", "domain"]
    list_select_related = ["incident", "case"]
    search_fields = ["incident__number", "case__number", "reason"]
    date_hierarchy = "changed_at"


@admin.register(StatusTransition)
class StatusTransitionAdmin(SiteWide):
    """What clients may ask for; the record behind the ticket must allow its move as well."""

    list_display = ["source", "target", "active"]
    list_display_links = ["source", "target"]
    list_editable = ["active"]
    list_filter = ["active", "source"]
    ordering = ["source", "target"]


@admin.register(TicketSpecification)
class TicketSpecificationAdmin(ByActionsOnly):
    list_display = ["name", "uid", "domain", "created_at", "updated_at"]
    list_filter = ["domain"]
    search_fields = ["name", "uid"]
