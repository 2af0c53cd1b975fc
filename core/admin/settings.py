"""Admin pages of system properties and business rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from core import properties
from core.actor import actor_of
from core.admin.base import DomainChoice, OwnDomains, sees_everything
from core.configuring import clear_property, set_property, switch_rule
from core.models import BusinessRule, BusinessRuleOverride, SystemProperty, User


class PropertyForm(forms.ModelForm[SystemProperty]):
    """A value is accepted only when the declared property can read it."""

    class Meta:
        model = SystemProperty
        fields = ["name", "domain", "value"]

    def clean_name(self) -> str:
        declared = properties.find(self.cleaned_data["name"].strip())
        if declared is None:
            raise forms.ValidationError("No code reads a property of this name.")
        return declared.name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        declared = properties.find(data.get("name") or self.instance.name)
        text = data.get("value", "").strip()
        if declared is not None and text:
            self._check(declared, text)
        return {**data, "value": text}

    def _check(self, declared: "properties.Property[object]", text: str) -> None:
        try:
            declared.check(text)
        except properties.BadValue as error:
            self.add_error("value", str(error))


@admin.register(SystemProperty)
class SystemPropertyAdmin(OwnDomains):
    """Search finds a property by any name the document gives it (X1, X13)."""

    form = PropertyForm
    shared_rows = True
    list_display = ["name", "domain", "value", "default", "kind"]
    list_filter = ["kind", "domain"]
    search_fields = ["name", "aliases", "description"]
    search_help_text = "Finds names, other names and descriptions."
    list_select_related = ["domain"]
    ordering = ["name", "domain"]
    fields = ["name", "domain", "value", "default", "kind", "description", "aliases"]
    readonly_fields = ["default", "kind", "description", "aliases"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *(["name"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A tenant may not change what holds for all others; it adds a row of its own.
        own = obj is None or obj.domain_id is not None or sees_everything()
        return own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (sees_everything() or obj is None or obj.domain_id is not None) and (
            super().has_delete_permission(request, obj)
        )

    def save_model(
        self, request: HttpRequest, obj: SystemProperty, form: Any, change: bool
    ) -> None:
        """Save through the verb that keeps who changed what."""
        kept = set_property(name=obj.name, domain_id=obj.domain_id, text=obj.value, **_by(request))
        obj.pk = kept.pk

    def delete_model(self, request: HttpRequest, obj: SystemProperty) -> None:
        if obj.domain_id is None:
            super().delete_model(request, obj)
        else:
            clear_property(name=obj.name, domain_id=obj.domain_id, **_by(request))


def _by(request: HttpRequest) -> dict[str, Any]:
    assert isinstance(request.user, User)
    return {"by": actor_of(request.user), "now": timezone.now()}


class OverrideInline(DomainChoice, admin.TabularInline[BusinessRuleOverride, BusinessRule]):
    """Switch the rule differently for one domain."""

    model = BusinessRuleOverride
    extra = 0


@admin.register(BusinessRule)
class BusinessRuleAdmin(admin.ModelAdmin[BusinessRule]):
    """Code declares the rules; here they are switched."""

    list_display = ["name", "active", "table", "event", "when", "order"]
    list_editable = ["active"]
    list_filter = ["active", "when", "table"]
    search_fields = ["name", "table", "event", "description"]
    ordering = ["table", "order", "name"]
    fields = ["name", "active", "table", "event", "when", "order", "description"]
    readonly_fields = ["name", "table", "event", "when", "order", "description"]
    inlines = [OverrideInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The box switches the rule for every tenant.
        return sees_everything() and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: BusinessRule, form: Any, change: bool) -> None:
        """Switch through the verb that keeps who changed what."""
        switch_rule(rule_id=obj.pk, active=obj.active, **_by(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Switch the domains through the same verb."""
        rule_id = form.instance.pk
        for row in formset.save(commit=False):
            switch_rule(rule_id=rule_id, active=row.active, domain_id=row.domain_id, **_by(request))
        for row in formset.deleted_objects:
            switch_rule(rule_id=rule_id, active=None, domain_id=row.domain_id, **_by(request))
