"""Admin page of long work."""

from django.contrib import admin

from core.admin.base import ByActionsOnly, OwnDomains
from core.models import Job


@admin.register(Job)
class JobAdmin(ByActionsOnly, OwnDomains):
    """Long work and how far it is; what became of each item is shown in the workspace."""

    list_display = ["created_at", "title", "kind", "state", "started_by", "done", "total", "domain"]
    list_filter = ["state", "kind", "domain"]
    search_fields = ["title", "=uid", "error"]
    search_help_text = "Title, error or uid."
    list_select_related = ["started_by", "domain"]
    ordering = ["-pk"]
    show_full_result_count = False
