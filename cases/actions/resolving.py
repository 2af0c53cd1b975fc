"""Resolve cases, and let them follow their incident (R110-R116)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases.actions.editing import move_case
from cases.actions.writing import write_entries
from cases.choices import OPEN_CASE_STATES, CaseState
from cases.models import Case, CaseEntry
from cases.queries import lock_cases, locked_case
from core.actor import Actor
from core.bus import emit
from incidents.actions import add_work_note
from incidents.models import Incident

# The exact words of the document (R111).
MAJOR_NOTE = "There is a major case associated with this incident."


@transaction.atomic
def resolve_case(*, case_id: int, code: str, notes: str, by: Actor, now: datetime) -> Case:
    """Resolve a case; a major case takes its open children along (R114)."""
    case = locked_case(case_id)
    case.resolution_code, case.resolution_notes = code.strip(), notes.strip()
    move_case(case, CaseState.RESOLVED, by, now, reason=notes.strip())
    if case.is_major:
        children = Case.objects.filter(parent=case, state__in=OPEN_CASE_STATES)
        ids = lock_cases(children)
        _resolve_all(ids, {**_solution(case), "cause": case.cause}, by, now)
        if ids:
            payload = {"case_ids": ids}
            emit("cases.resolved", record=case, by=by, now=now, payload=payload)
    return case


@transaction.atomic
def resolve_with_incident(*, incident: Incident, by: Actor, now: datetime) -> None:
    """Copy code, notes and cause down; resolve the cases where no major case exists."""
    if Case.objects.filter(incident=incident).major().exists():
        copy_down(incident=incident, by=by, now=now)
        add_work_note(incident_id=incident.pk, text=MAJOR_NOTE, by=by, now=now)
        return
    ids = lock_cases(Case.objects.filter(incident=incident, state__in=OPEN_CASE_STATES))
    if ids:
        _resolve_all(ids, _solution(incident), by, now)
        emit("cases.resolved", record=incident, by=by, now=now, payload={"case_ids": ids})


@transaction.atomic
def copy_down(*, incident: Incident, by: Actor, now: datetime) -> None:
    """Copy code, notes and probable cause to every case, in one statement (R112)."""
    cases = Case.objects.filter(incident=incident).exclude(
        state__in=[CaseState.CLOSED, CaseState.CANCELED]
    )
    ids = lock_cases(cases)
    Case.objects.filter(pk__in=ids).update(
        **_solution(incident), version=F("version") + 1, updated_at=now
    )
    text = f"Resolution code, notes and probable cause copied from {incident.number}."
    write_entries(ids, CaseEntry.Kind.WORK_NOTE, text, by, now)
    emit("cases.updated", record=incident, by=by, now=now, payload={"case_ids": ids})


def _solution(source: Case | Incident) -> dict[str, Any]:
    return {
        "resolution_code": source.resolution_code,
        "resolution_notes": source.resolution_notes,
        "probable_cause": source.probable_cause,
    }


def _resolve_all(ids: list[int], solution: dict[str, Any], by: Actor, now: datetime) -> None:
    Case.objects.filter(pk__in=ids).update(
        state=CaseState.RESOLVED,
        resolved_at=now,
        updated_at=now,
        version=F("version") + 1,
        **solution,
    )
    text = f"Resolved: {solution['resolution_notes']}"
    write_entries(ids, CaseEntry.Kind.WORK_NOTE, text, by, now)
