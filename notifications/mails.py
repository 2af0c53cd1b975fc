"""Write mails to customers and notices to our people; sending is somebody else's job."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from cases.hits import own_services
from cases.models import Case, CaseEntry
from core.auth import holders_of
from core.models import DomainEvent, User
from core.wake import wake
from escalation.messages import facts_of, find_message, render
from escalation.placeholders import fill
from incidents.choices import Stage
from incidents.models import Incident
from notifications.models import InboxItem, MailMessage

MAJOR_ROLE = "sn_majorissue_mgt.major_issue_manager"
FIRST_NOTICE = "sd_wan.cases.individual"
BRIEFING = "sd_wan.cases.major"


def mail_raised_cases(event: DomainEvent) -> None:
    """Tell the primary contact of each new case, and remember when (R104)."""
    incident = Incident.objects.get(pk=event.record_id)
    cases = _cases(event.payload["case_ids"])
    # The message and the incident's facts are read once, however many customers there are.
    message = find_message(FIRST_NOTICE, domain_id=event.domain_id)
    text, facts = (message.text if message else FIRST_NOTICE), facts_of(incident)
    services = own_services(incident, (case.account_id for case in cases))
    texts = {
        case.pk: fill(text, facts | services.get(case.account_id, {}) | _facts(case))
        for case in cases
    }
    told = _write(event, cases, "We are working on a fault that affects you", texts)
    Case.objects.filter(pk__in=told).update(last_informed_at=event.happened_at)


def mail_notice(event: DomainEvent) -> None:
    """Send the selected customers what their case says, each with its own case (R118)."""
    cases = _cases(event.payload["case_ids"])
    entries = CaseEntry.objects.filter(pk__in=event.payload["entry_ids"])
    texts = dict(entries.values_list("case_id", "text"))
    subjects = {int(pk): text for pk, text in event.payload.get("subjects", {}).items()}
    notice = event.payload.get("notice_id")
    cause = notice_cause(notice) if notice else ""
    _write(event, cases, "An update", texts, subjects=subjects, cause=cause)


def notice_cause(notice_id: int) -> str:
    """Return what the mails of a notice name as their cause."""
    return f"notice:{notice_id}"


def mail_solution(event: DomainEvent, case_ids: Iterable[int]) -> None:
    """Tell the customers that their case is resolved."""
    cases = _cases(case_ids)
    texts = {
        case.pk: f"Your case {case.number} is resolved.\n\n{case.resolution_notes}\n\n"
        "If the fault is still there, answer this mail and we take it up again."
        for case in cases
    }
    _write(event, cases, "Resolved", texts)


def tell_major_issue_managers(event: DomainEvent) -> None:
    """Put a notice into each manager's inbox and mail the briefing (R105)."""
    incident = Incident.objects.get(pk=event.record_id)
    major = Case.objects.get(pk=event.payload["major_id"])
    # Of many cases only the first are there yet.
    count = event.payload.get("planned", len(event.payload["case_ids"]))
    managers = [u for u in holders_of(MAJOR_ROLE) if not u.is_superuser]
    text = f"{major.number}: major case with {count} child cases raised from {incident.number}."
    _inbox(event, managers, text, incident, major)
    extra = {"cases.count": str(count), "case.number": major.number}
    body = render(BRIEFING, incident=incident, extra=extra)
    MailMessage.objects.bulk_create(
        [
            MailMessage(
                domain_id=event.domain_id,
                cause=_cause(event),
                to=user.email,
                case=major,
                incident=incident,
                subject=f"[{major.number}] Major case raised from {incident.number}",
                body=body,
                due_at=event.happened_at,
                created_at=event.happened_at,
            )
            for user in managers
            if user.email
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(lambda: wake("mail"))


def tell_of_proposal(event: DomainEvent) -> None:
    """Put a notice into the inbox of each major issue manager who sees the incident's domain."""
    incident = Incident.objects.select_related("domain").get(pk=event.record_id)
    holders = holders_of(MAJOR_ROLE).select_related("domain")
    managers = [u for u in holders if not u.is_superuser and _sees(u, incident)]
    text = f"{incident.number} is proposed as major: {event.payload['reason']}"
    _inbox(event, managers, text[:240], incident, None)


def _sees(user: User, incident: Incident) -> bool:
    domains = user.domain.scope().domain_ids
    return domains is None or incident.domain_pk in domains


def tell_group(event: DomainEvent) -> None:
    """Put a notice into the inbox of every member of the group that has the incident now."""
    incident = Incident.objects.select_related("assignment_group").get(pk=event.record_id)
    handed_over = event.payload["from"] != event.payload["to"] != Stage.RESOLUTION
    if incident.assignment_group is None or not handed_over:
        return
    members = incident.assignment_group.members.filter(is_active=True)
    text = f"{incident.number} is in {incident.get_stage_display()}: {incident.short_description}"
    _inbox(event, members, text[:240], incident, None)


def tell_called(event: DomainEvent) -> None:
    """Put a notice into the inbox of the members of a group or the holders of a role."""
    incident = Incident.objects.select_related("domain").get(pk=event.record_id)
    if group_id := event.payload.get("group_id"):
        called = list(User.objects.filter(assignment_groups=group_id, is_active=True))
    else:
        holders = holders_of(event.payload.get("role", "")).select_related("domain")
        called = [user for user in holders if not user.is_superuser and _sees(user, incident)]
    text = f"{event.actor['name']}: {incident.number} {incident.short_description}"
    _inbox(event, called, text[:240], incident, None)


def _inbox(
    event: DomainEvent, users: Iterable[User], text: str, incident: Incident, case: Case | None
) -> None:
    InboxItem.objects.bulk_create(
        [
            InboxItem(
                domain_id=event.domain_id,
                user=user,
                cause=_cause(event),
                text=text,
                incident=incident,
                case=case,
                created_at=event.happened_at,
            )
            for user in users
        ],
        ignore_conflicts=True,
    )


def _cases(case_ids: Iterable[int]) -> list[Case]:
    rows = Case.objects.filter(pk__in=list(case_ids), account__isnull=False)
    return list(rows.select_related("account", "contact", "incident"))


def _facts(case: Case) -> dict[str, str]:
    return {
        "case.number": case.number,
        "account.name": str(case.account),
        "contact.name": str(case.contact or case.account),
    }


def _write(
    event: DomainEvent,
    cases: list[Case],
    title: str,
    texts: dict[int, str],
    *,
    subjects: Mapping[int, str] | None = None,
    cause: str = "",
) -> list[int]:
    """Write the mails; out: the ids of the cases somebody is written to about."""
    said = subjects or {}
    reachable = [case for case in cases if case.contact is not None and case.contact.email]
    MailMessage.objects.bulk_create(
        [
            MailMessage(
                domain_id=case.domain_id,
                cause=cause or _cause(event),
                to=case.contact.email if case.contact else "",
                contact=case.contact,
                account=case.account,
                case=case,
                incident=case.incident,
                subject=_subject(case, said.get(case.pk) or f"{title}: {case.short_description}"),
                body=texts[case.pk],
                due_at=event.happened_at,
                created_at=event.happened_at,
            )
            for case in reachable
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    transaction.on_commit(lambda: wake("mail"))
    return [case.pk for case in reachable]


def _subject(case: Case, words: str) -> str:
    """Return a subject by which an answer finds its case."""
    return f"[{case.number}] {words}"[:200]


def _cause(event: DomainEvent) -> str:
    return f"{event.name}:{event.pk}"
