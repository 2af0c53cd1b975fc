"""Admin pages of users, roles, assignment groups and domains (R79-R83)."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.admin.base import OwnDomains
from core.admin.rights import editor_of, grantable_roles, may_manage, may_staff, permissions_of
from core.models import AssignmentGroup, Domain, Role, RoleContainment, User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(OwnDomains, DjangoUserAdmin[User]):
    """Users; who edits them cannot hand out more than they hold."""

    list_display = ["username", "first_name", "last_name", "email", "domain", "is_active"]
    list_filter = ["is_active", "is_staff", "is_api_client", "groups", "domain"]
    search_fields = ["username", "first_name", "last_name", "email"]
    list_select_related = ["domain"]
    filter_horizontal = ["groups", "user_permissions"]
    ordering = ["username"]
    fieldsets = [
        *(DjangoUserAdmin.fieldsets or ()),
        (
            "In psew",
            {"fields": ["domain", "title", "phone", "is_api_client", "theme", "density"]},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = ["last_login", "date_joined"]
        if not editor_of(request).is_superuser:
            fields += ["is_superuser", "user_permissions"]
        return fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(editor_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_manage(editor_of(request), obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = grantable_roles(editor_of(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ContainmentInline(admin.TabularInline[RoleContainment, Group]):
    """The roles a role includes."""

    model = RoleContainment
    fk_name = "role"
    extra = 0
    autocomplete_fields = ["contained"]
    verbose_name = "contained role"


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin[Role]):
    """Roles with what they contain and, in effect, allow."""

    list_display = ["name", "contains"]
    search_fields = ["name"]
    ordering = ["name"]
    filter_horizontal = ["permissions"]
    inlines = [ContainmentInline]
    readonly_fields = ["effective_permissions"]

    @admin.display(description="contains")
    def contains(self, role: Role) -> str:
        return ", ".join(sorted(str(each.contained) for each in role.containments.all()))

    @admin.display(description="effective permissions")
    def effective_permissions(self, role: Role) -> SafeString | str:
        if role.pk is None:
            return "Save the role first."
        names = sorted(str(each) for each in permissions_of([role.pk]))
        return format_html_join("", "<div>{}</div>", ((name,) for name in names)) or "None."

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("containments__contained")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Whoever edits a role they hold would give themselves whatever they like.
        return editor_of(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return editor_of(request).is_superuser


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin[Group]):
    """Answers the pickers for roles; people use the page of roles."""

    search_fields = ["name"]
    ordering = ["name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AssignmentGroup)
class AssignmentGroupAdmin(OwnDomains):
    """Teams; the pair of lists is the one the document describes (R83)."""

    list_display = ["name", "description", "email", "active", "domain"]
    list_filter = ["active", "roles", "domain"]
    search_fields = ["name", "description"]
    list_select_related = ["domain"]
    ordering = ["name"]
    filter_horizontal = ["members", "roles"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_staff(editor_of(request), obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "roles":
            kwargs["queryset"] = grantable_roles(editor_of(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Domain)
class DomainAdmin(OwnDomains):
    """Tenants and who provides for whom (R178).

    A second top domain would see everything: below the top, a parent must be chosen.
    """

    domain_lookup = "pk"
    list_display = ["name", "parent", "is_demo"]
    list_filter = ["is_demo"]
    search_fields = ["name"]
    list_select_related = ["parent"]
    ordering = ["name"]
