"""Admin pages of service offerings and install base items (R88, C.6)."""

from django.contrib import admin

from cmdb.models import InstallBaseItem, ServiceOffering
from core.admin.base import TenantAdmin


@admin.register(ServiceOffering)
class ServiceOfferingAdmin(TenantAdmin):
    """What a service commits to (R15)."""

    list_display = ["name", "service", "availability", "support_group", "domain"]
    list_filter = ["support_group", "domain"]
    search_fields = ["name", "service__name"]
    list_select_related = ["service", "support_group", "domain"]
    ordering = ["name", "id"]
    autocomplete_fields = ["service", "support_group"]


@admin.register(InstallBaseItem)
class InstallBaseItemAdmin(TenantAdmin):
    """What ties accounts to items; without it a fault affects nobody."""

    list_display = ["number", "name", "account", "ci", "product", "active", "domain"]
    list_filter = ["active", "product", "domain"]
    search_fields = ["number", "name", "account__name", "ci__name"]
    search_help_text = "Number, name, account or configuration item."
    list_select_related = ["account", "ci", "product", "domain"]
    ordering = ["number"]
    autocomplete_fields = [
        "account",
        "ci",
        "contact",
        "product",
        "sold_product",
        "contract",
        "location",
    ]
