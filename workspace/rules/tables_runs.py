"""Explain what happened by itself: inputs, row, subflow, steps, message, and who began it (N2)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from escalation.decision import Verdict, explain
from escalation.models import Run, TableVersion
from escalation.tables.editing import Reader
from escalation.tables.kinds import kind_of
from escalation.tables.reading import rows_of
from workspace.access import page, user_of
from workspace.rules import tables as shown
from workspace.rules.tables_trying import TickedRow, ticked

EARLIER = 50


@page("incidents.view_incident")
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show the trace of a run to whoever sees its incident."""
    found = Run.objects.select_related("incident", "subflow").filter(pk=run_id).first()
    if found is None:
        raise Http404("There is no such run.")
    context: dict[str, Any] = {
        "run": found,
        "steps": _steps(found),
        "milliseconds": round(sum(step.get("milliseconds", 0) for step in found.log), 1),
        "now": timezone.now(),
        **_decided(found, rows=user_of(request).has_perm(shown.SEE)),
    }
    return render(request, "workspace/rules/tables/run.html", context)


def _steps(run: Run) -> list[dict[str, Any]]:
    """Return each planned step in words, with what it did where it was done."""
    done = run.log or []
    return [
        {"words": step["words"], "name": step["step"], "done": done[at] if at < len(done) else None}
        for at, step in enumerate(run.plan.get("steps", []))
    ]


def _decided(run: Run, *, rows: bool) -> dict[str, Any]:
    """Return the decision with the version it was taken by; older runs name no version."""
    decision = run.plan.get("decision") or {}
    named = int(decision.get("version_id", 0))
    found = TableVersion.objects.filter(pk=named).select_related("table").first() if named else None
    context: dict[str, Any] = {"decision": decision, "version": found, "rejected": []}
    if found is None:
        return context
    reader = Reader(kind_of(found.table.kind))
    verdicts = explain(rows_of(found), decision["inputs"])
    context |= {
        "version_url": shown.version_url(found) if rows else "",
        "inputs": _inputs(reader, decision["inputs"]),
        "matched": _ticked(reader, [v for v in verdicts if v.row.position == decision["row"]]),
        "rejected": _ticked(
            reader, [v for v in verdicts if v.row.position < decision["row"]][-EARLIER:]
        ),
    }
    return context


def _inputs(reader: Reader, seen: dict[str, Any]) -> list[tuple[str, str]]:
    columns = reader.columns
    return [
        (columns[key].label, columns[key].label_of(value)) if key in columns else (key, str(value))
        for key, value in seen.items()
    ]


def _ticked(reader: Reader, verdicts: list[Verdict]) -> list[TickedRow]:
    return [ticked(reader, verdict) for verdict in verdicts]
