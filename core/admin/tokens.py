"""Admin pages of API tokens and OAuth clients: secrets are shown once, only hashes are kept."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.admin.keys import MachineKeys
from core.admin.rights import editor_of, may_manage
from core.models import ApiToken, OAuthClient
from core.models.tokens import hashed, new_secret
from core.oauth.clients import renew_secret


@admin.register(ApiToken)
class ApiTokenAdmin(MachineKeys):
    """Make and revoke the keys of machines, and see those granted to OAuth clients."""

    list_display = [
        "name",
        "user",
        "oauth_client",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
        "usage",
    ]
    list_filter = [
        ("oauth_client", admin.EmptyFieldListFilter),
        "revoked_at",
        "expires_at",
    ]
    search_fields = ["name", "user__username"]
    list_select_related = ["user", "oauth_client__user"]
    fields = ["user", "name", "scopes", "expires_at", "revoked_at"]
    actions = ["revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> list[str]:
        if obj is None:
            return ["revoked_at"]
        # The property decides how long granted tokens last; here they are only revoked.
        granted = ["name", "scopes", "expires_at"] if obj.oauth_client_id else []
        return ["user", *granted]

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        secret = "" if change else new_secret()
        if secret:
            obj.digest = hashed(secret)
        super().save_model(request, obj, form, change)
        if secret:
            self.tell_secret(request, "The token", secret)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        count = rows.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} tokens no longer open anything.")


@admin.register(OAuthClient)
class OAuthClientAdmin(MachineKeys):
    """Machines that get short-lived tokens for their secret (RFC 6749 §4.4)."""

    list_display = ["name", "client_id", "user", "active", "created_at", "last_used_at", "usage"]
    list_filter = ["active"]
    search_fields = ["name", "client_id", "user__username"]
    fields = ["user", "name", "client_id", "scopes", "active", "created_at", "last_used_at"]
    actions = ["new_secret"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: OAuthClient | None = None
    ) -> list[str]:
        return [*(["user"] if obj else []), "client_id", "created_at", "last_used_at"]

    def save_model(self, request: HttpRequest, obj: OAuthClient, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        secret = new_secret()
        obj.digest = hashed(secret)
        super().save_model(request, obj, form, change)
        self.tell_secret(request, f"The secret of {obj.client_id}", secret)

    @admin.action(description="Give a new secret", permissions=["change"])
    def new_secret(self, request: HttpRequest, rows: QuerySet[OAuthClient]) -> None:
        for client in rows.select_related("user"):
            if may_manage(editor_of(request), client.user):
                secret = renew_secret(client, now=timezone.now())
                self.tell_secret(request, f"The new secret of {client.client_id}", secret)
            else:
                self.message_user(request, f"{client} may do more than you.", messages.ERROR)
