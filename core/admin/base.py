"""What admin pages share: pages to look at, and rows of one's own domains only."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet, URLField
from django.http import HttpRequest

from core.models import Domain
from core.scope import current_scope

# An address typed without a scheme is meant to be a safe one.
SAFE_ADDRESSES: Any = {URLField: {"assume_scheme": "https"}}


def sees_everything() -> bool:
    """Tell whether the signed-in user acts for the whole instance."""
    return current_scope().domain_ids is None


class ByActionsOnly(admin.ModelAdmin[Any]):
    """Records whose changes must pass through actions are looked at here, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SiteWide(admin.ModelAdmin[Any]):
    """Rows that hold for every tenant: only who acts for the whole instance changes them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sees_everything() and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_everything() and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_everything() and super().has_delete_permission(request, obj)


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows beside a record, to look at."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # Fields no form may hold, such as numbers, can be shown only this way.
        return list(self.fields or ())

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DomainChoice:
    """Offer only domains the signed-in user sees, so that no row is pushed to another tenant."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        ids = current_scope().domain_ids
        if db_field.related_model is Domain and ids is not None:
            kwargs["queryset"] = Domain.objects.filter(pk__in=ids)
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class TenantAdmin(DomainChoice, admin.ModelAdmin[Any]):
    """A page for tenant-owned rows; their manager keeps other tenants' rows out."""

    show_full_result_count = False
    formfield_overrides = SAFE_ADDRESSES

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        mine = {"domain": getattr(request.user, "domain_id", None)}
        return {**mine, **super().get_changeform_initial_data(request)}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        # Rows beside a record belong to the record's domain.
        for row in formset.extra_forms:
            row.instance.domain_id = form.instance.domain_id
        super().save_formset(request, form, formset, change)


class OwnDomains(DomainChoice, admin.ModelAdmin[Any]):
    """Show rows of the kernel by domain as the managers of tenant data do (R178)."""

    domain_lookup = "domain_id"
    shared_rows = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        ids = current_scope().domain_ids
        rows = super().get_queryset(request)
        if ids is None:
            return rows
        inside = Q(**{f"{self.domain_lookup}__in": ids})
        if self.shared_rows:
            inside |= Q(**{f"{self.domain_lookup}__isnull": True})
        return rows.filter(inside)
