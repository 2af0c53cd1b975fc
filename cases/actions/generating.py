"""Raise proactive cases: set-based, and as often as one likes with the same result (R96-R109)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Contact
from accounts.queries import primary_contacts
from cases.actions.writing import write_entries
from cases.choices import INDIVIDUAL, MAJOR, SUBFLOWS, CaseChannel, CaseState, MajorState
from cases.models import Case, CaseEntry
from cases.queries import (
    FormDecision,
    copied_fields,
    decide_form,
    refusal,
)
from core.actor import Actor, actor_from
from core.bus import emit
from core.crash_points import crash_point
from core.numbers import next_numbers
from escalation.context import Context
from escalation.engine import run_now
from escalation.models import Run
from incidents.actions import add_system_note
from incidents.errors import Refused
from incidents.models import AffectedAccount, Incident
from incidents.queries import locked


@dataclass
class Generated:
    """What was raised: the major case where there is one, the new cases, accounts that had one."""

    major: Case | None = None
    major_created: bool = False
    cases: list[Case] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    following: int = 0

    def sentence(self) -> str:
        """Say it as the stream does."""
        count, kept = len(self.cases), len(self.skipped)
        parent = "1 major case and " if self.major_created else ""
        word = "case" if count == 1 else "cases"
        child = "child " if self.major is not None else ""
        text = f"Raised {parent}{count} {child}{word}."
        text += f" {kept} accounts had one already." if kept else ""
        return text + (f" {self.following} more accounts follow." if self.following else "")


@transaction.atomic
def generate_cases(*, incident_id: int, by: Actor, now: datetime, form: str = "auto") -> Generated:
    """Raise one case per affected account, under a major case from the threshold on (R97).

    In: the incident, who, when, and `form` to override the threshold (auto, major, individual).
    Out: what was raised; nothing where every account has its case. Errors: `Refused` when the
    workflow has not started, the group is not set or nobody is affected (R96).
    """
    incident = locked(incident_id)
    return _run(incident, choose_form(incident, form), by, now)


@transaction.atomic
def generate_portion(
    *,
    incident_id: int,
    accounts: Sequence[int],
    planned: int,
    job: str,
    by: Actor,
    now: datetime,
    form: str,
) -> Generated:
    """Raise the cases of some of the accounts a job is about.

    In: the portion's accounts, how many are planned in all, and the job's id. The first portion
    runs the subflow, so that the major case and its notice come first; the others add children.
    Out and errors: as of `generate_cases`.
    """
    incident = locked(incident_id)
    chosen = choose_form(incident, form)
    if not incident.runs.filter(kind=Run.Kind.CASES, plan__inputs__job=job).exists():
        inputs = {"job": job, "planned": planned, "accounts": list(accounts)}
        return _run(incident, chosen, by, now, inputs)
    return _raise(incident, chosen.form, by, now, accounts)


def _run(
    incident: Incident,
    chosen: FormDecision,
    by: Actor,
    now: datetime,
    inputs: dict[str, Any] | None = None,
) -> Generated:
    context = run_now(
        subflow_key=SUBFLOWS[chosen.form],
        incident=incident,
        by=by,
        now=now,
        kind=Run.Kind.CASES,
        inputs=inputs,
        decision=chosen.trace,
    )
    made: Generated = context.results["cases"]
    return made


def choose_form(incident: Incident, form: str) -> FormDecision:
    """Return how cases are raised and why; raises `Refused` where they cannot be."""
    accounts = AffectedAccount.objects.filter(incident=incident, excluded=False).count()
    major = Case.objects.filter(incident=incident, major_state=MajorState.ACCEPTED).first()
    if reason := refusal(incident, accounts):
        raise Refused(reason)
    if form == "auto" or major is not None:
        return decide_form(incident, accounts, major)
    if form not in SUBFLOWS:
        raise Refused(f"Cases are raised as {MAJOR} or {INDIVIDUAL}, not as {form!r}.")
    return FormDecision(form, "Chosen by hand.")


def raise_cases(context: Context, form: str) -> Generated:
    """Do the raising inside a run; the incident's row is locked, so nobody does it twice."""
    incident, by, now = context.incident, actor_from(context.run.started_by), context.now
    inputs = context.run.plan.get("inputs", {})
    accounts, planned = inputs.get("accounts"), inputs.get("planned", 0)
    made = _raise(incident, form, by, now, accounts, planned)
    text = made.sentence()
    add_system_note(incident_id=incident.pk, text=text, by=by, now=now, act=context.act)
    return made


def _raise(
    incident: Incident,
    form: str,
    by: Actor,
    now: datetime,
    accounts: Sequence[int] | None = None,
    planned: int = 0,
) -> Generated:
    """Raise what is missing, for the named accounts or all, and tell the other apps."""
    made = Generated(following=max(planned - len(accounts or ()), 0))
    values = _common(incident, now)
    if form == MAJOR:
        made.major, made.major_created = _major_case(incident, values)
    wanted = affected_accounts(incident, accounts)
    cases = Case.objects.filter(incident=incident, account_id__in=wanted)
    have = set(cases.values_list("account_id", flat=True))
    made.skipped = [account for account in wanted if account in have]
    new = [account for account in wanted if account not in have]
    made.cases = _insert(new, primary_contacts(new), values, made.major)
    crash_point("cases.before-commit")
    _tell(incident, made, by, now)
    return made


def affected_accounts(incident: Incident, among: Sequence[int] | None = None) -> list[int]:
    """Return the accounts to raise cases for, by name; `among` leaves the others out."""
    rows = AffectedAccount.objects.filter(incident=incident, excluded=False)
    if among is not None:
        rows = rows.filter(account_id__in=among)
    return list(rows.order_by("account__name").values_list("account_id", flat=True))


def _common(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "domain_id": incident.domain_id,
        "incident": incident,
        "channel": CaseChannel.MONITORING,
        "state": CaseState.NEW,
        "caused_by_change": incident.caused_by_change,
        "assignment_group": None,
        "opened_at": now,
        "updated_at": now,
        "short_description": incident.short_description,
        **copied_fields(incident),
    }


def _major_case(incident: Incident, values: dict[str, Any]) -> tuple[Case, bool]:
    found = Case.objects.filter(incident=incident, major_state=MajorState.ACCEPTED).first()
    if found is not None:
        return found, False
    number = next_numbers("CS", 1)[0]
    return Case.objects.create(number=number, major_state=MajorState.ACCEPTED, **values), True


def _insert(
    accounts: list[int], contacts: dict[int, Contact], values: dict[str, Any], major: Case | None
) -> list[Case]:
    numbers = next_numbers("CS", len(accounts)) if accounts else []
    return Case.objects.bulk_create(
        [
            Case(
                number=number,
                account_id=account,
                contact=contacts.get(account),
                proactive=True,
                parent=major,
                **values,
            )
            for number, account in zip(numbers, accounts, strict=True)
        ],
        batch_size=1000,
    )


def _tell(incident: Incident, made: Generated, by: Actor, now: datetime) -> None:
    fresh = [case.pk for case in made.cases]
    major = [made.major.pk] if made.major and made.major_created else []
    kind = CaseEntry.Kind.SYSTEM
    write_entries([*major, *fresh], kind, f"Raised from {incident.number}.", by, now)
    if fresh or major:
        payload = {
            "case_ids": fresh,
            "major_id": made.major.pk if made.major else None,
            "major_created": made.major_created,
            "planned": len(fresh) + made.following,
        }
        emit("cases.raised", record=incident, by=by, now=now, payload=payload)
