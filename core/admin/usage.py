"""Admin page of what API clients asked, a row per client and day."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from core.admin.base import ByActionsOnly, OwnDomains
from core.models import ApiUsage
from core.usage import KEPT, by_day

PER_PAGE = 100


@admin.register(ApiUsage)
class ApiUsageAdmin(ByActionsOnly, OwnDomains):
    """Sums of the last 30 days; `?user=` shows one client alone."""

    domain_lookup = "user__domain_id"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows: Any = self.get_queryset(request).filter(minute__gte=timezone.now() - KEPT)
        chosen = request.GET.get("user", "")
        if chosen:
            rows = rows.filter(user__in=_user_ids(chosen))
        context = {
            **self.admin_site.each_context(request),
            "title": "Requests of API clients per day",
            "opts": self.opts,
            "page": Paginator(by_day(rows), PER_PAGE).get_page(request.GET.get("p")),
            "chosen": chosen,
        }
        return TemplateResponse(request, "admin/core/apiusage/by_day.html", context)


def _user_ids(text: str) -> list[int]:
    # Eighteen digits fit into every database's numbers.
    return [int(text)] if text.isdecimal() and len(text) <= 18 else []
