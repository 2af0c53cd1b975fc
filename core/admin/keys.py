"""What the pages of tokens and OAuth clients share: whose keys one may make, and their limits."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin.base import OwnDomains
from core.admin.rights import editor_of, may_manage
from core.api_scopes import declared
from core.models import User
from core.models.tokens import ScopedKey
from core.scope import current_scope


class MachineKeys(OwnDomains):
    """Keys act as their user, so nobody handles keys of users that may do more."""

    domain_lookup = "user__domain_id"
    list_select_related = ["user"]
    autocomplete_fields = ["user"]
    ordering = ["-created_at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(editor_of(request), obj.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_manage(editor_of(request), obj.user))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        ids = current_scope().domain_ids
        if db_field.name == "user" and ids is not None:
            kwargs["queryset"] = User.objects.filter(domain_id__in=ids)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "scopes":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.MultipleChoiceField(
            choices=[(name, f"{label} ({name})") for name, label in declared().items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=db_field.help_text,
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        editor = editor_of(request)
        form = super().get_form(request, obj, change, **kwargs)

        class KeyForm(form):  # type: ignore[valid-type, misc]
            def clean_user(self) -> Any:
                if not may_manage(editor, self.cleaned_data["user"]):
                    raise forms.ValidationError("This user may do more than you.")
                return self.cleaned_data["user"]

        return KeyForm

    @admin.display(description="usage")
    def usage(self, key: ScopedKey) -> SafeString:
        page = reverse("admin:core_apiusage_changelist")
        return format_html('<a href="{}?user={}">Requests per day</a>', page, key.user_id)

    def tell_secret(self, request: HttpRequest, what: str, secret: str) -> None:
        """Show a secret for the only time."""
        text = f"{what} is {secret} – copy it now, it is never shown again."
        self.message_user(request, text, messages.WARNING)
