"""What becomes of versions: publish now or later, copy, restore, compare, discard."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.changes import MovedOn
from core.errors import Refused
from core.models import User
from escalation.models import TableVersion
from escalation.tables import publishing
from escalation.tables.finding import published_of
from escalation.tables.starting import copy_to_deciding
from workspace.access import page, user_of
from workspace.rules import tables as shown
from workspace.rules.tables_access import steering
from workspace.rules.tables_forms import PublishForm
from workspace.views.dialogs import GET_POST, dialog, done, explain


@page(shown.SEE)
@require_GET
def versions(request: HttpRequest, table_id: int) -> HttpResponse:
    table, now = shown.table_or_404(table_id), timezone.now()
    lines = shown.version_lines(table, now)
    if not lines:
        raise Http404(f"{table} has no version.")
    current = published_of(table) or lines[0][0]
    context = shown.version_page(current, user_of(request), "versions")
    context |= {"lines": lines, "now": now}
    return render(request, "workspace/rules/tables/versions.html", context)


@page(shown.SEE)
@require_GET
def compare(request: HttpRequest, table_id: int, number: int, other: int) -> HttpResponse:
    """Show what differs between an older version, `other`, and this one."""
    after = shown.version_or_404(table_id, number)
    before = shown.version_or_404(table_id, other)
    columns, rows = shown.compared(before, after)
    context = shown.version_page(after, user_of(request), "versions")
    context |= {
        "before": before,
        "columns": columns,
        "rows": rows,
        "counts": _counts([row.kind for row in rows]),
    }
    return render(request, "workspace/rules/tables/compare.html", context)


@page(shown.BEGIN)
@require_POST
def copy(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Copy a version to a new draft; so an old one is restored too."""
    found = steering(table_id, number)
    draft = publishing.draft_from(version_id=found.pk, by=user_of(request))
    return done(request, shown.version_url(draft), f"{draft} is a draft now.")


@page(shown.BEGIN)
@require_POST
def to_deciding(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Copy a version's rows to a draft of the table that decides for its kind."""
    found = steering(table_id, number)
    try:
        draft = copy_to_deciding(version_id=found.pk, by=user_of(request))
    except Refused as error:
        return done(request, shown.version_url(found), str(error))
    return done(request, shown.version_url(draft), f"{draft} is a draft now.")


@page(shown.PUBLISH)
@GET_POST
def publish(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Ask for a comment and a time, with what the check found beside it."""
    found = steering(table_id, number)
    form = PublishForm(
        request.POST or None, initial={"comment": found.comment, "revision": found.revision}
    )
    back = shown.version_url(found)
    if request.method == "POST" and form.is_valid():
        try:
            return done(request, back, _published(found, form, user_of(request), timezone.now()))
        except (Refused, MovedOn) as error:
            explain(form, error)
    context = {
        "version": found,
        "form": form,
        "back": back,
        "report": shown.checked(found),
        "published": published_of(found.table),
    }
    return dialog(request, "workspace/rules/tables/publish.html", context, invalid=form.is_bound)


def _published(found: TableVersion, form: PublishForm, by: User, now: datetime) -> str:
    comment, at = form.cleaned_data["comment"], form.cleaned_data["publish_at"]
    seen = form.cleaned_data["revision"]
    if at is None:
        publishing.publish(version_id=found.pk, by=by, now=now, comment=comment, seen_revision=seen)
        return f"{found} decides from now on."
    publishing.schedule(
        version_id=found.pk, at=at, by=by, now=now, comment=comment, seen_revision=seen
    )
    local = timezone.localtime(at)
    return f"{found} will decide from {local:%d %b %Y, %H:%M} on."


@page(shown.PUBLISH)
@require_POST
def unschedule(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    found = steering(table_id, number)
    publishing.unschedule(version_id=found.pk)
    return done(request, shown.version_url(found), f"{found} stays a draft.")


@page(shown.BEGIN)
@GET_POST
def discard(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Ask, then throw a draft away."""
    found = steering(table_id, number)
    if request.method == "POST":
        try:
            publishing.discard(version_id=found.pk)
        except Refused as error:
            return done(request, shown.version_url(found), str(error))
        url = reverse("workspace:rules_table_newest", args=[table_id])
        if not found.table.versions.exists():
            url = reverse("workspace:rules_tables")
        return done(request, url, f"{found} is discarded.")
    context = {"version": found, "back": shown.version_url(found)}
    return dialog(request, "workspace/rules/tables/discard.html", context)


def _counts(kinds: list[str]) -> list[tuple[str, int]]:
    return [
        (kind, kinds.count(kind))
        for kind in ("added", "removed", "changed", "moved", "same")
        if kind in kinds
    ]
