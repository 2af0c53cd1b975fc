"""Talk to customers, and let their answers reach the incident and nobody else (R117-R123)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Contact
from cases.actions.editing import move_case
from cases.actions.writing import Kind, write_entries, write_entry, write_texts
from cases.choices import CaseState
from cases.hits import own_services
from cases.models import Case, CaseEntry, Notice
from cases.notice_preview import address_of, notice_facts, text_of
from cases.properties import COMMENTS_SYNC
from cases.queries import lock_cases, lock_incidents_of, locked_case
from cases.wording import Text, texts_from
from core.actor import Actor
from core.bus import emit, new_act
from incidents import actions as incident_actions
from incidents.errors import MissingField, Refused
from incidents.models import Incident, IncidentEntry


@transaction.atomic
def add_comment(
    *,
    case_id: int,
    text: str,
    by: Actor,
    now: datetime,
    contact: Contact | None = None,
    origin: str = "",
) -> CaseEntry:
    """Add a comment the customer sees; `contact` says that the customer wrote it."""
    return _add(case_id, Kind.COMMENT, text, by, now, contact=contact, origin=origin)


@transaction.atomic
def add_work_note(
    *, case_id: int, text: str, by: Actor, now: datetime, origin: str = ""
) -> CaseEntry:
    """Add a private note."""
    return _add(case_id, Kind.WORK_NOTE, text, by, now, contact=None, origin=origin)


def _add(
    case_id: int,
    kind: str,
    text: str,
    by: Actor,
    now: datetime,
    *,
    contact: Contact | None,
    origin: str,
) -> CaseEntry:
    if not text.strip():
        raise MissingField("text", "An empty note says nothing.")
    if contact is not None:
        lock_incidents_of([case_id])  # the answer is copied there
    case = locked_case(case_id)
    known = CaseEntry.objects.filter(case=case, origin=origin).first() if origin else None
    if known is not None:
        return known
    entry = write_entry(case, kind, text.strip(), by, now, contact=contact, origin=origin)
    payload = {"entry_id": entry.pk, "kind": kind, "from_customer": contact is not None}
    emit("case.noted", record=case, by=by, now=now, payload=payload)
    if contact is not None and case.state == CaseState.AWAITING_INFO:
        move_case(case, CaseState.OPEN, by, now, reason="The customer answered.")
    return entry


@transaction.atomic
def notify_customers(
    *,
    case_ids: list[int],
    note: str,
    by: Actor,
    now: datetime,
    incident_id: int | None = None,
    notice: Notice | None = None,
) -> int:
    """Tell the customers of the selected cases, and nobody else (R117-R119).

    In: a notice where each customer is told in words of their own. Out: how many cases were told.
    Errors: `Refused` while the property is off (R121), `MissingField` for an empty note.
    """
    lock_incidents_of(case_ids)
    cases = whom_to_tell(case_ids, note, incident_id)
    lock_cases(Case.objects.filter(pk__in=[case.pk for case in cases]))
    said = _words_for(cases, note, notice)
    bodies = {pk: text.body for pk, text in said.items()}
    entries = write_texts(bodies, Kind.COMMENT, by, now, act=new_act())
    # Who has no address reads it on the case at best; that is not being told.
    reached = [case.pk for case in cases if address_of(case)]
    Case.objects.filter(pk__in=reached).update(last_informed_at=now)
    more: dict[str, Any] = {"note": note.strip()}
    if notice is not None:
        subjects = {str(pk): text.subject for pk, text in said.items()}
        more |= {"notice_id": notice.pk, "subjects": subjects}
    _tell_incidents(cases, {e.case_id: e.pk for e in entries}, more, by, now)
    return len(cases)


def _words_for(cases: list[Case], note: str, notice: Notice | None) -> dict[int, Text]:
    if notice is None:
        return {case.pk: Text("", note.strip()) for case in cases}
    facts = notice_facts(notice.incident, notice.next_update_at)
    texts = texts_from(notice.texts)
    services = own_services(notice.incident, (case.account_id for case in cases))
    return {case.pk: text_of(case, texts, facts, services) for case in cases}


def whom_to_tell(case_ids: list[int], note: str, incident_id: int | None) -> list[Case]:
    """Return the cases a note would reach; errors as of `notify_customers`."""
    if not note.strip():
        raise MissingField("note", "Write what the customers should know.")
    cases = _to_be_told(case_ids, incident_id)
    if not cases:
        raise Refused(
            "Select at least one case of an incident, with an account, that is not closed."
        )
    for domain_id in {case.domain_id for case in cases}:
        if not COMMENTS_SYNC.value(domain_id):
            raise Refused(f"Notifying customers is switched off: {COMMENTS_SYNC.name}.")
    return cases


def _to_be_told(case_ids: list[int], incident_id: int | None) -> list[Case]:
    rows = Case.objects.tellable().filter(pk__in=case_ids)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    return list(rows.select_related("account", "contact").order_by("account__name"))


def _tell_incidents(
    cases: list[Case], entries: dict[int, int], more: dict[str, Any], by: Actor, now: datetime
) -> None:
    for incident_id in {case.incident_id for case in cases if case.incident_id}:
        told = [case for case in cases if case.incident_id == incident_id]
        names = ", ".join(f"{case.account} ({case.contact or 'no contact'})" for case in told)
        incident_actions.add_system_note(
            incident_id=incident_id,
            text=f"Customers notified: {names}\n\n{more['note']}",
            kind=IncidentEntry.Kind.NOTIFICATION,
            by=by,
            now=now,
        )
        payload = {
            "case_ids": [case.pk for case in told],
            "entry_ids": [entries[case.pk] for case in told],
            **more,
        }
        record = Incident.objects.get(pk=incident_id)
        emit("cases.notified", record=record, by=by, now=now, payload=payload)


@transaction.atomic
def copy_reply_to_incident(*, entry: CaseEntry, now: datetime) -> None:
    """Copy what a customer wrote to the incident, once, with case and contact named (R120)."""
    case = entry.case
    if case.incident_id is None or not COMMENTS_SYNC.value(case.domain_id):
        return
    by = Actor(kind="customer", name=f"{entry.contact} ({case.account}, {case.number})")
    incident_actions.add_comment(
        incident_id=case.incident_id,
        text=entry.text,
        by=by,
        now=now,
        origin=f"case:{case.pk}:entry:{entry.pk}",
    )


@transaction.atomic
def fan_out_comment(*, entry: IncidentEntry, by: Actor, now: datetime) -> None:
    """Copy an incident's comment to the work notes of its cases (R122), never back to its source.

    Work notes, not comments: one customer's words must not reach another.
    """
    cases = Case.objects.filter(incident_id=entry.incident_id)
    source = entry.origin.split(":")
    if source[0] == "case":
        cases = cases.exclude(pk=int(source[1]))
    ids = cases.values_list("pk", flat=True)
    origin = f"incident:entry:{entry.pk}"
    write_entries(ids, Kind.WORK_NOTE, entry.text, by, now, origin=origin)
