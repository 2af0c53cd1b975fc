"""Admin pages of API tokens: the secret is shown once and only its hash is kept."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.admin.base import OwnDomains
from core.admin.rights import editor_of, may_manage
from core.models import ApiToken
from core.models.tokens import hashed, new_secret


@admin.register(ApiToken)
class ApiTokenAdmin(OwnDomains):
    """Make and revoke the keys of machines."""

    domain_lookup = "user__domain_id"
    list_display = ["name", "user", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_filter = ["revoked_at", "expires_at"]
    search_fields = ["name", "user__username"]
    list_select_related = ["user"]
    ordering = ["-created_at"]
    autocomplete_fields = ["user"]
    fields = ["user", "name", "expires_at", "revoked_at"]
    actions = ["revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> list[str]:
        return ["user"] if obj else ["revoked_at"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        editor = editor_of(request)
        form = super().get_form(request, obj, change, **kwargs)

        class TokenForm(form):  # type: ignore[valid-type, misc]
            def clean_user(self) -> Any:
                # A token acts as its user, so it must not open more than its maker may do.
                if not may_manage(editor, self.cleaned_data["user"]):
                    raise forms.ValidationError("This user may do more than you.")
                return self.cleaned_data["user"]

        return TokenForm

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        secret = "" if change else new_secret()
        if secret:
            obj.digest = hashed(secret)
        super().save_model(request, obj, form, change)
        if secret:
            text = f"The token is {secret} – copy it now, it is never shown again."
            self.message_user(request, text, messages.WARNING)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        count = rows.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} tokens no longer open anything.")
