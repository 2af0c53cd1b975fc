"""Admin pages of CI classes and relation types (R146)."""

from typing import Any

from django import forms
from django.contrib import admin

from cmdb.attributes import BadAttribute, declared
from cmdb.classes import lineage
from cmdb.models import CIClass, RelationType


class CIClassForm(forms.ModelForm[CIClass]):
    """Attributes must be readable and a class must not be its own ancestor."""

    class Meta:
        model = CIClass
        fields = [
            "name",
            "label",
            "parent",
            "aliases",
            "description",
            "icon",
            "is_service",
            "rank",
            "attributes",
        ]

    def clean_attributes(self) -> Any:
        rows = self.cleaned_data["attributes"] or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise forms.ValidationError("Give a list of attributes.")
        try:
            declared(rows)
        except BadAttribute as error:
            raise forms.ValidationError(str(error)) from error
        return rows

    def clean_parent(self) -> CIClass | None:
        parent: CIClass | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and self.instance in lineage(parent):
            raise forms.ValidationError("A class cannot be below itself.")
        return parent


@admin.register(CIClass)
class CIClassAdmin(admin.ModelAdmin[CIClass]):
    """The classes of this site; a new one is offered at once wherever items are picked."""

    form = CIClassForm
    list_display = ["label", "name", "parent", "is_service", "rank", "icon"]
    list_filter = ["is_service", "parent"]
    search_fields = ["name", "label", "aliases", "description"]
    search_help_text = "Name, label or another name of the class."
    list_select_related = ["parent"]
    ordering = ["label"]
    autocomplete_fields = ["parent"]


@admin.register(RelationType)
class RelationTypeAdmin(admin.ModelAdmin[RelationType]):
    """Kinds of relations and which way faults travel along them."""

    list_display = ["name", "parent_label", "child_label", "impact", "redundancy"]
    list_filter = ["impact"]
    search_fields = ["name"]
    ordering = ["name"]
