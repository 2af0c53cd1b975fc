"""Cases and messages for many customers, as jobs (ux C.7); few are done in the request."""

from datetime import datetime

from accounts.models import Account
from cases.actions.generating import (
    Generated,
    affected_accounts,
    choose_form,
    generate_cases,
    generate_portion,
)
from cases.actions.talking import notify_customers, whom_to_tell
from cases.models import Case, Notice
from core.actor import Actor, actor_from
from core.errors import Refused
from core.jobs import Outcome, created, failed, job_kind, skipped, start
from core.models import Job
from incidents.actions import add_system_note
from incidents.models import Incident

GENERATE, NOTIFY = "cases.generate", "cases.notify"
# So many are done while the browser waits.
AT_ONCE = 25


def raise_or_start(
    *, incident_id: int, by: Actor, now: datetime, form: str = "auto", request_key: str = ""
) -> Generated | Job:
    """Raise proactive cases: few at once, many as a job. Errors: as of `generate_cases`."""
    incident = Incident.objects.get(pk=incident_id)
    accounts = affected_accounts(incident)
    chosen = choose_form(incident, form)
    cases = Case.objects.filter(incident=incident, account_id__in=accounts)
    if len(accounts) - cases.values("account_id").distinct().count() <= AT_ONCE:
        return generate_cases(incident_id=incident_id, by=by, now=now, form=form)
    return start(
        kind=GENERATE,
        keys=accounts,
        by=by,
        now=now,
        title=f"Cases for {incident.number}",
        parameters={"incident": incident_id, "form": chosen},
        domain_id=incident.domain_id,
        request_key=request_key,
        subject=f"incident:{incident_id}",
        record=f"incident:{incident.number}",
    )


def notify_or_start(
    *,
    incident_id: int,
    case_ids: list[int],
    note: str,
    by: Actor,
    now: datetime,
    notice: Notice | None = None,
) -> int | Job:
    """Tell customers: few at once, many as a job. Errors: as of `notify_customers`."""
    cases = whom_to_tell(case_ids, note, incident_id)
    if len(case_ids) <= AT_ONCE:
        return notify_customers(
            case_ids=case_ids, note=note, by=by, now=now, incident_id=incident_id, notice=notice
        )
    incident = Incident.objects.get(pk=incident_id)
    return start(
        kind=NOTIFY,
        keys=[case.pk for case in cases],
        by=by,
        now=now,
        title=f"Message to customers of {incident.number}",
        parameters={
            "incident": incident_id,
            "note": note,
            "notice": notice.pk if notice is not None else None,
        },
        domain_id=incident.domain_id,
        record=f"incident:{incident.number}",
    )


def say_what_was_raised(job: Job, now: datetime) -> None:
    """Close the stream's account of a generation that came in portions."""
    kept = f" {job.skipped} accounts had one already or were left out." if job.skipped else ""
    missed = f" {job.failed} could not be raised." if job.failed else ""
    add_system_note(
        incident_id=job.parameters["incident"],
        text=f"All accounts are done: raised {job.created} cases.{kept}{missed}",
        by=actor_from(job.actor),
        now=now,
    )


@job_kind(GENERATE, label="Generate proactive cases", short="Cases", at_end=say_what_was_raised)
def generate_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Raise the cases of these accounts."""
    accounts = [int(key) for key in keys]
    incident_id, form = job.parameters["incident"], job.parameters["form"]
    try:
        made = generate_portion(
            incident_id=incident_id,
            accounts=accounts,
            planned=job.total,
            job=str(job.uid),
            form=form,
            by=actor_from(job.actor),
            now=now,
        )
    except Refused as error:
        return [failed(key, str(error)) for key in keys]
    return _outcomes(made, incident_id, accounts)


def _outcomes(made: Generated, incident_id: int, accounts: list[int]) -> list[Outcome]:
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    cases = Case.objects.filter(incident_id=incident_id, account_id__in=accounts)
    numbers = dict(cases.order_by("-pk").values_list("account_id", "number"))
    fresh = {case.account_id for case in made.cases}

    def outcome(account: int) -> Outcome:
        label, number = names.get(account, ""), numbers.get(account)
        if account in fresh:
            return created(account, label=label, record=f"case:{number}")
        if number:
            reason = f"Has {number} already."
            return skipped(account, reason, label=label, record=f"case:{number}")
        return skipped(account, "Is no longer counted as affected.", label=label)

    return [outcome(account) for account in accounts]


@job_kind(NOTIFY, label="Notify customers", short="Messages", created="queued", skipped="skipped")
def notify_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Tell the customers of these cases."""
    incident_id, note = job.parameters["incident"], job.parameters["note"]
    cases = Case.objects.filter(pk__in=[int(key) for key in keys], incident_id=incident_id)
    found = {str(case.pk): case for case in cases.select_related("account", "contact")}
    told = [case.pk for case in found.values() if not case.is_over]
    try:
        if told:
            notify_customers(
                case_ids=told,
                note=note,
                by=actor_from(job.actor),
                now=now,
                incident_id=incident_id,
                notice=_notice_of(job),
            )
    except Refused as error:
        return [failed(key, str(error)) for key in keys]
    return [_told(key, found.get(key)) for key in keys]


def _notice_of(job: Job) -> Notice | None:
    # Jobs that were started before messages could be taken back name none.
    notices = Notice.objects.select_related("incident__ci__ci_class", "incident__assignment_group")
    return notices.filter(pk=job.parameters.get("notice")).first()


def _told(key: str, case: Case | None) -> Outcome:
    if case is None:
        return skipped(key, "The case is gone.")
    label, record = str(case.account), f"case:{case.number}"
    if case.is_over:
        return skipped(key, f"Is {case.get_state_display()}.", label=label, record=record)
    if case.contact is None or not case.contact.email:
        reason = "Nobody has a mail address; the message stands on the case."
        return skipped(key, reason, label=label, record=record)
    return created(key, label=label, record=record, reason=case.contact.email)
