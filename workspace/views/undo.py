"""Take back what was done in a list (ux C.9)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.models import Job
from workspace.access import page, user_of
from workspace.jobs import undo_or_start
from workspace.lists import list_page
from workspace.lists.bulk import Outcome
from workspace.models import Deed
from workspace.records.jobs import job_url
from workspace.views.dialogs import done, see_other
from workspace.views.list_bulk import keep_results
from workspace.views.lists import list_url


@page()
@require_POST
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Undo one's own deed; what was changed since stays, and is told."""
    deed = Deed.objects.filter(uid=uid, user=user_of(request)).first()
    if deed is None:
        raise Http404("This can no longer be undone.")
    back = _back(request, deed)
    try:
        made = undo_or_start(deed=deed, back=back, by=user_of(request), now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
        return see_other(back)
    if isinstance(made, Job):
        return see_other(job_url(made))
    return _told(request, deed, made, back)


def _back(request: HttpRequest, deed: Deed) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return list_url(list_page(deed.list_name), "view=all")


def _told(request: HttpRequest, deed: Deed, outcomes: list[Outcome], back: str) -> HttpResponse:
    if len(outcomes) == 1:
        if not outcomes[0].failed:
            return done(request, back, f"Undone: {deed.title}.")
        messages.error(request, f"{outcomes[0].number}: {outcomes[0].text}")
        return see_other(back)
    keep_results(request, deed.uid.hex, outcomes, {"title": f"Undo: {deed.title}", "back": back})
    return see_other(reverse("workspace:list_bulk_result", args=[deed.list_name, deed.uid.hex]))
