"""Say beforehand what raising cases would do; find cases."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Account, Contact
from accounts.queries import primary_contacts
from cases.choices import INDIVIDUAL, MAJOR, CaseState
from cases.decisions import form_by_table
from cases.models import Case, CaseFieldMap
from cases.properties import THRESHOLD
from incidents.models import AffectedAccount, Incident

# The moves of C.3; resolved cases are answered by the customer.
MOVES: dict[str, tuple[str, ...]] = {
    CaseState.NEW: (CaseState.OPEN, CaseState.AWAITING_INFO, CaseState.RESOLVED)
    + (CaseState.CLOSED, CaseState.CANCELED),
    CaseState.OPEN: (CaseState.AWAITING_INFO, CaseState.RESOLVED)
    + (CaseState.CLOSED, CaseState.CANCELED),
    CaseState.AWAITING_INFO: (CaseState.OPEN, CaseState.RESOLVED)
    + (CaseState.CLOSED, CaseState.CANCELED),
    CaseState.RESOLVED: (CaseState.CLOSED, CaseState.OPEN),
    CaseState.CLOSED: (),
    CaseState.CANCELED: (),
}


def lock_cases(cases: QuerySet[Case]) -> list[int]:
    """Lock these cases' rows until the transaction ends, always in the same order."""
    return list(cases.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def lock_incidents_of(case_ids: Iterable[int]) -> None:
    """Lock the cases' incidents; whoever needs both locks incidents before cases."""
    cases = Case.objects.filter(pk__in=case_ids, incident__isnull=False)
    ids = set(cases.values_list("incident_id", flat=True))
    # Also a provider's, which the case's own domain does not see: a lock shows nothing.
    incidents = Incident.unscoped.filter(pk__in=ids).select_for_update().order_by("pk")
    list(incidents.values_list("pk", flat=True))


def locked_case(case_id: int) -> Case:
    """Return the case with its row locked until the transaction ends."""
    cases = Case.objects.filter(pk=case_id)
    if connection.features.has_select_for_update_of:
        cases = cases.select_for_update(of=("self",), no_key=True)
    found = cases.select_related("account", "contact", "incident").first()
    if found is None:
        raise Case.DoesNotExist(f"No case {case_id}.")
    return found


@dataclass(frozen=True, slots=True)
class Planned:
    """One account and what would happen to it."""

    account: Account
    contact: Contact | None
    existing: Case | None
    excluded: str = ""

    @property
    def is_new(self) -> bool:
        return self.existing is None and not self.excluded


@dataclass
class CasesPreview:
    """What Generate Proactive Cases would do (R96, R97)."""

    form: str
    why: str
    refused: str = ""
    major: Case | None = None
    accounts: list[Planned] = field(default_factory=list)

    @property
    def new(self) -> list[Planned]:
        return [planned for planned in self.accounts if planned.is_new]

    @property
    def major_is_new(self) -> bool:
        return self.form == MAJOR and self.major is None


def preview_cases(incident: Incident) -> CasesPreview:
    """Say which cases would be raised, for whom, and why as major or individual cases."""
    rows = list(
        AffectedAccount.objects.filter(incident=incident)
        .select_related("account")
        .order_by("account__name")
    )
    contacts = primary_contacts([row.account_id for row in rows])
    found = list(Case.objects.filter(incident=incident).order_by("-pk"))
    cases = {case.account_id: case for case in found}
    accounts = [
        Planned(
            row.account,
            contacts.get(row.account_id),
            cases.get(row.account_id),
            row.excluded_reason if row.excluded else "",
        )
        for row in rows
    ]
    major = next((case for case in found if case.is_major), None)
    included = sum(1 for planned in accounts if not planned.excluded)
    decided = decide_form(incident, included, major)
    return CasesPreview(decided.form, decided.why, refusal(incident, included), major, accounts)


@dataclass(frozen=True, slots=True)
class FormDecision:
    """How cases are raised, the sentence that explains it, and the table's trace if one decided."""

    form: str
    why: str
    trace: dict[str, Any] | None = None


def decide_form(incident: Incident, accounts: int, major: Case | None) -> FormDecision:
    """Return major or individual: by the published table, else by the property (R97)."""
    if major is not None:
        why = f"{major.number} is the incident's major case; new cases become its children."
        return FormDecision(MAJOR, why)
    decided = form_by_table(incident)
    if decided is not None:
        return FormDecision(*decided)
    threshold = THRESHOLD.value(incident.domain_id)
    reached = accounts >= threshold
    side = "reached" if reached else "not reached"
    why = f"Affected accounts: {accounts}; the threshold of {threshold} is {side}."
    return FormDecision(MAJOR if reached else INDIVIDUAL, why)


def refusal(incident: Incident, accounts: int) -> str:
    """Return why cases cannot be raised now, "" where they can (R96)."""
    if not incident.is_open:
        return f"{incident.number} is {incident.get_state_display()}."
    if not incident.stage:
        return "The workflow has not started: the incident has no stage."
    if incident.assignment_group_id is None:
        return "Set an assignment group first."
    if not accounts:
        return "No account is affected, so there is nobody to raise a case for."
    return ""


def copied_fields(incident: Incident) -> dict[str, object]:
    """Return the case values an admin lets pass from the incident (R101, R102)."""
    rows = CaseFieldMap.objects.filter(active=True).values_list("incident_field", "case_field")
    return {case_field: getattr(incident, source) for source, case_field in rows}
