"""The tabs Impact and Customers of an incident (ux C.3)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from workspace.access import page, user_of
from workspace.impact.asking import asked
from workspace.impact.customers import customers_tab
from workspace.impact.tab import impact_tab
from workspace.views.incidents import VIEW, incident_or_404, show


@page(VIEW)
@require_GET
def impact(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    tab = impact_tab(incident, asked(request.GET), user_of(request), timezone.now())
    return show(request, incident, "impact", impact=tab)


@page(VIEW)
@require_GET
def customers(request: HttpRequest, number: str) -> HttpResponse:
    incident, wanted = incident_or_404(number), request.GET.get("page", "")
    tab = customers_tab(
        incident,
        user_of(request),
        show=request.GET.get("show", ""),
        page=int(wanted) if wanted.isdecimal() else 1,
        now=timezone.now(),
    )
    return show(request, incident, "customers", customers=tab)
