"""Admin pages of configuration items, one form per class (R141-R146)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Account
from cmdb.admin.forms import PREFIX, form_for
from cmdb.classes import attributes_of, class_tree
from cmdb.models import CIClass, CIRelation, ConfigurationItem, ServiceAssociation
from cmdb.queries import Impact, impact_of, name_paths
from core.admin.base import DomainChoice, TenantAdmin

COMMON = ["name", "external_id", "status", "address", "critical", "support_group", "managed_by"]


class ClassFilter(admin.SimpleListFilter):
    """Filter by a class with all classes below it."""

    title = "class"
    parameter_name = "of_class"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(b.ci_class.name, b.indent + b.ci_class.label) for b in class_tree()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        return queryset.of_class(name) if name else queryset


class DependsOnInline(DomainChoice, admin.TabularInline[Any, Any]):
    """What this item depends on, contains or is managed by."""

    model = CIRelation
    fk_name = "parent"
    fields = ["type", "child"]
    autocomplete_fields = ["child"]
    extra = 0
    verbose_name_plural = "relations to items this one depends on"


class UsedByInline(DomainChoice, admin.TabularInline[Any, Any]):
    """What depends on this item."""

    model = CIRelation
    fk_name = "child"
    fields = ["type", "parent"]
    autocomplete_fields = ["parent"]
    extra = 0
    verbose_name_plural = "relations to items that depend on this one"


@admin.register(ConfigurationItem)
class ConfigurationItemAdmin(TenantAdmin):
    """Items; adding one starts with its class, whose attributes make the form."""

    list_display = ["name", "ci_class", "status", "address", "external_id", "critical", "domain"]
    list_filter = [ClassFilter, "status", "critical", "domain"]
    search_fields = ["name", "external_id", "address"]
    search_help_text = "Name, external id or management address."
    list_select_related = ["ci_class", "domain"]
    ordering = ["name", "id"]
    autocomplete_fields = ["support_group", "managed_by"]
    readonly_fields = ["ci_class", "impact"]
    inlines = [DependsOnInline, UsedByInline]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if self._chosen(request) is None and self.has_add_permission(request):
            context = {
                **self.admin_site.each_context(request),
                "title": "Add configuration item: choose its class",
                "opts": self.opts,
                "branches": class_tree(),
            }
            return TemplateResponse(
                request, "admin/cmdb/configurationitem/choose_class.html", context
            )
        return super().add_view(request, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        ci_class = self._class(request, obj)
        if ci_class is not None:
            kwargs["form"] = form_for(ci_class)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        ci_class = self._class(request, obj)
        names = [PREFIX + each.name for each in attributes_of(ci_class)] if ci_class else []
        common = [*(["ci_class"] if obj else []), *COMMON, "domain"]
        label = f"{ci_class.label} attributes" if ci_class else "Attributes"
        sections: list[Any] = [(None, {"fields": common}), (label, {"fields": names})]
        return [*sections, ("Impact", {"fields": ["impact"]})] if obj else sections

    @admin.display(description="a fault here hits")
    def impact(self, item: ConfigurationItem) -> SafeString | str:
        impact = impact_of(ci_ids=[item.pk])
        return impact.reason_if_empty or shown_impact(impact)

    def _class(self, request: HttpRequest, obj: ConfigurationItem | None) -> CIClass | None:
        return obj.ci_class if obj else self._chosen(request)

    def _chosen(self, request: HttpRequest) -> CIClass | None:
        return CIClass.objects.filter(name=request.GET.get("ci_class", "")).first()


def shown_impact(impact: Impact) -> SafeString:
    """Return the services and accounts with the path to each."""
    paths = [s.path for s in impact.services] + [a.path for a in impact.accounts]
    names = name_paths({pk for path in paths for pk in path})
    accounts = Account.objects.in_bulk([each.account_id for each in impact.accounts])
    rows = [("Service", names.get(s.id, ""), _path(s.path, names)) for s in impact.services]
    rows += [
        ("Account", str(accounts.get(a.account_id, "")), _path(a.path, names))
        for a in impact.accounts
    ]
    lines = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
    head = "<tr><th>Kind</th><th>Name</th><th>Why</th></tr>"
    return format_html("<table><thead>" + head + "</thead><tbody>{}</tbody></table>", lines)


def _path(path: list[int], names: dict[int, str]) -> str:
    return " → ".join(names.get(pk, str(pk)) for pk in path)


@admin.register(CIRelation)
class CIRelationAdmin(TenantAdmin):
    """Relations, for those who look for one."""

    list_display = ["parent", "type", "child", "domain"]
    list_filter = ["type", "domain"]
    search_fields = ["parent__name", "child__name"]
    list_select_related = ["parent", "child", "type", "domain"]
    ordering = ["-pk"]
    autocomplete_fields = ["parent", "child"]


@admin.register(ServiceAssociation)
class ServiceAssociationAdmin(TenantAdmin):
    """Explicit statements that a service runs on an item (C.5)."""

    list_display = ["service", "ci", "domain"]
    list_filter = ["domain"]
    search_fields = ["service__name", "ci__name"]
    list_select_related = ["service", "ci", "domain"]
    ordering = ["-pk"]
    autocomplete_fields = ["service", "ci"]
