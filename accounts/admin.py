"""Admin pages of customers, their people, products and knowledge (C.7)."""

from typing import Any

from django.contrib import admin

from accounts.models import (
    Account,
    AccountTeamMember,
    Contact,
    Contract,
    Entitlement,
    KnowledgeArticle,
    Location,
    Product,
    SoldProduct,
)
from core.admin.base import DomainChoice, TenantAdmin


class Rows(DomainChoice, admin.TabularInline[Any, Any]):
    """Rows of an account; a change link opens the whole row."""

    extra = 0
    show_change_link = True


class ContactInline(Rows):
    model = Contact
    fields = ["name", "email", "phone", "department", "is_primary", "active"]


class TeamInline(Rows):
    model = AccountTeamMember
    fields = ["user", "responsibility"]
    autocomplete_fields = ["user"]


class ContractInline(Rows):
    model = Contract
    fields = ["number", "name", "state", "starts_on", "ends_on", "value", "currency"]


class SoldProductInline(Rows):
    model = SoldProduct
    fields = ["name", "product", "quantity", "starts_on", "ends_on"]
    autocomplete_fields = ["product"]


class LocationInline(Rows):
    model = Location
    fields = ["name", "address"]


class EntitlementInline(Rows):
    model = Entitlement
    fields = ["name", "account", "product", "starts_on", "ends_on"]
    autocomplete_fields = ["account", "product"]


@admin.register(Account)
class AccountAdmin(TenantAdmin):
    list_display = ["number", "name", "kind", "tier", "employees", "active", "domain"]
    list_display_links = ["number", "name"]
    list_filter = ["kind", "tier", "active", "domain"]
    search_fields = ["name", "number", "account_code"]
    search_help_text = "Name, number or account code."
    ordering = ["name", "id"]
    autocomplete_fields = ["parent"]
    inlines = [ContactInline, TeamInline, ContractInline, SoldProductInline, LocationInline]


@admin.register(Contact)
class ContactAdmin(TenantAdmin):
    list_display = ["name", "account", "email", "phone", "is_primary", "active"]
    list_filter = ["is_primary", "active", "domain"]
    search_fields = ["name", "email", "account__name"]
    list_select_related = ["account"]
    ordering = ["name", "id"]
    autocomplete_fields = ["account", "location", "user"]


@admin.register(Location)
class LocationAdmin(TenantAdmin):
    list_display = ["name", "account", "address"]
    list_filter = ["domain"]
    search_fields = ["name", "address", "account__name"]
    list_select_related = ["account"]
    ordering = ["name", "id"]
    autocomplete_fields = ["account"]


@admin.register(AccountTeamMember)
class AccountTeamMemberAdmin(TenantAdmin):
    list_display = ["user", "account", "responsibility"]
    list_filter = ["responsibility", "domain"]
    search_fields = ["user__username", "user__last_name", "account__name", "responsibility"]
    list_select_related = ["account", "user"]
    ordering = ["account__name", "id"]
    autocomplete_fields = ["account", "user"]


@admin.register(Product)
class ProductAdmin(TenantAdmin):
    list_display = ["name", "code", "description"]
    list_filter = ["domain"]
    search_fields = ["name", "code"]
    ordering = ["name", "id"]


@admin.register(Contract)
class ContractAdmin(TenantAdmin):
    list_display = ["number", "name", "account", "state", "starts_on", "ends_on", "value"]
    list_filter = ["state", "domain"]
    search_fields = ["number", "name", "account__name"]
    list_select_related = ["account"]
    ordering = ["number"]
    autocomplete_fields = ["account"]
    inlines = [EntitlementInline]


@admin.register(SoldProduct)
class SoldProductAdmin(TenantAdmin):
    list_display = ["name", "account", "product", "quantity", "starts_on", "ends_on"]
    list_filter = ["product", "domain"]
    search_fields = ["name", "account__name", "product__name"]
    list_select_related = ["account", "product"]
    ordering = ["name", "id"]
    autocomplete_fields = ["account", "product", "contact"]


@admin.register(Entitlement)
class EntitlementAdmin(TenantAdmin):
    list_display = ["name", "account", "contract", "product", "starts_on", "ends_on"]
    list_filter = ["domain"]
    search_fields = ["name", "account__name", "contract__number"]
    list_select_related = ["account", "contract", "product"]
    ordering = ["name", "id"]
    autocomplete_fields = ["account", "contract", "product"]


@admin.register(KnowledgeArticle)
class KnowledgeArticleAdmin(TenantAdmin):
    list_display = ["number", "title", "published", "keywords"]
    list_filter = ["published", "domain"]
    search_fields = ["number", "title", "keywords"]
    ordering = ["number"]
