"""Plain pages of tasks, changes, accounts and cases; search."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Account
from cases import actions as case_actions
from cases.models import Case
from changes.models import ChangeRequest
from core.actor import actor_of
from incidents.models import Incident, IncidentTask
from workspace.access import page, user_of
from workspace.forms.cases import CaseResolveForm
from workspace.forms.incidents import NoteForm
from workspace.records.plain import (
    account_head,
    case_facts,
    case_head,
    change_facts,
    change_head,
    task_facts,
    task_head,
)
from workspace.records.stream import asked_stream
from workspace.views.dialogs import REFUSALS, dialog, done, explain
from workspace.views.history import history_page

VIEW_TASK, VIEW_CHANGE = "incidents.view_incidenttask", "changes.view_changerequest"
VIEW_CASE, VIEW_ACCOUNT = "cases.view_case", "accounts.view_account"


def _one(queryset: Any, number: str) -> Any:
    record = queryset.filter(number=number).first()
    if record is None:
        raise Http404(f"No record {number}.")
    return record


def _with_stream(request: HttpRequest, record: Any, **context: Any) -> dict[str, Any]:
    return {
        "record": record,
        "now": timezone.now(),
        "stream": asked_stream(record.journal, request.GET.dict()),
        **context,
    }


def _task(number: str) -> IncidentTask:
    rows = IncidentTask.objects.select_related("incident", "assignment_group", "assigned_to", "ci")
    found: IncidentTask = _one(rows, number)
    return found


def _change(number: str) -> ChangeRequest:
    rows = ChangeRequest.objects.select_related("ci", "account", "assignment_group", "assigned_to")
    found: ChangeRequest = _one(rows, number)
    return found


def _case(number: str) -> Case:
    people = ("assignment_group", "assigned_to")
    rows = Case.objects.select_related(
        "account", "contact", "incident", "parent", "caused_by_change", *people
    )
    found: Case = _one(rows, number)
    return found


@page(VIEW_TASK)
@require_GET
def task(request: HttpRequest, number: str) -> HttpResponse:
    record = _task(number)
    head = task_head(record, user_of(request))
    context = _with_stream(request, record, head=head, facts=task_facts(record))
    return render(request, "workspace/task.html", context)


@page(VIEW_CHANGE)
@require_GET
def change(request: HttpRequest, number: str) -> HttpResponse:
    record = _change(number)
    context = _with_stream(
        request,
        record,
        head=change_head(record, user_of(request)),
        facts=change_facts(record),
        caused=Incident.objects.filter(caused_by_change=record),
        outages=record.outages.select_related("ci"),
    )
    return render(request, "workspace/change.html", context)


@page(VIEW_ACCOUNT)
@require_GET
def account(request: HttpRequest, number: str) -> HttpResponse:
    record = _one(Account.objects.select_related("parent"), number)
    context = {
        "head": account_head(record, user_of(request)),
        "now": timezone.now(),
        "contacts": record.contacts.order_by("-is_primary", "name"),
        "team": record.team.select_related("user"),
        "install_base": record.install_base.select_related("ci").order_by("number"),
        "contracts": record.contracts.order_by("number"),
        "cases": Case.objects.filter(account=record).open().order_by("-opened_at")[:20],
        "incidents": Incident.objects.open()
        .filter(affected_accounts__account=record)
        .order_by("-opened_at")[:20],
    }
    return render(request, "workspace/account.html", context)


@page(VIEW_CASE)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    return _show_case(request, _case(number))


task_history = history_page(VIEW_TASK, _task, task_head)
change_history = history_page(VIEW_CHANGE, _change, change_head)
case_history = history_page(VIEW_CASE, _case, case_head)


def _show_case(request: HttpRequest, record: Case, form: NoteForm | None = None) -> HttpResponse:
    context = _with_stream(
        request,
        record,
        head=case_head(record, user_of(request)),
        facts=case_facts(record),
        children=record.children.select_related("account", "contact").order_by("number"),
        mails=record.mails.order_by("-pk")[:20],
        note_form=form or NoteForm(),
    )
    status = 422 if form is not None else 200
    return render(request, "workspace/case.html", context, status=status)


@page("cases.change_case")
@require_POST
def case_note(request: HttpRequest, number: str) -> HttpResponse:
    record = _case(number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_case(request, record, form)
    comment = form.cleaned_data["kind"] == "comment"
    add = case_actions.add_comment if comment else case_actions.add_work_note
    add(
        case_id=record.pk,
        text=form.cleaned_data["text"],
        by=actor_of(user_of(request)),
        now=timezone.now(),
    )
    return done(request, _case_url(record), "Added the comment." if comment else "Added the note.")


@page("cases.resolve_case")
@require_http_methods(["GET", "POST"])
def case_resolve(request: HttpRequest, number: str) -> HttpResponse:
    record = _case(number)
    initial = {"code": record.resolution_code, "notes": record.resolution_notes}
    form = CaseResolveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            case_actions.resolve_case(
                case_id=record.pk,
                by=actor_of(user_of(request)),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, _case_url(record), f"Resolved {number}.")
    context = {"record": record, "form": form, "children": record.children.open().count()}
    return dialog(request, "workspace/case_resolve.html", context, invalid=bool(form.errors))


def _case_url(record: Case) -> str:
    return reverse("workspace:case", args=[record.number])
