"""Admin pages of messages to people."""

from django.contrib import admin

from core.admin.base import ByActionsOnly
from notifications.models import InboxItem, MailMessage


@admin.register(MailMessage)
class MailMessageAdmin(ByActionsOnly):
    list_display = ["subject", "to", "account", "state", "attempts", "sent_at", "error"]
    list_filter = ["state"]
    search_fields = ["subject", "to", "case__number"]
    list_select_related = ["account"]


@admin.register(InboxItem)
class InboxItemAdmin(ByActionsOnly):
    list_display = ["text", "user", "read_at", "created_at"]
    search_fields = ["text", "user__username"]
