"""Say beforehand whom a message reaches, in which words, and what is wrong with it (ux N5, N13).

Nothing is written to customers but what was previewed here.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, TextField, Value
from django.utils import timezone

from accounts.models import Account
from cases.choices import NoticeState
from cases.guard import EMPTY, Finding, findings_in, possible_machines
from cases.hits import own_services
from cases.models import Case, NoticeRecipient
from cases.wording import ENGLISH, NEXT_UPDATE, Text, Texts, empty_names, for_everybody, text_for
from cmdb.models import ConfigurationItem
from escalation.messages import facts_of
from incidents.models import Incident

# Who was told within this time is told again only knowingly.
AGAIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A case, what its customer reads, and how long ago they were told something."""

    case: Case
    text: Text
    told_before: timedelta | None
    # A message to them waits to leave.
    waits: bool = False

    @property
    def address(self) -> str:
        return address_of(self.case)

    @property
    def told_just_now(self) -> bool:
        return self.waits or (self.told_before is not None and self.told_before < AGAIN)


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """A message as it would leave."""

    recipients: list[Recipient]
    warnings: list[str]

    @property
    def reached(self) -> list[Recipient]:
        return [each for each in self.recipients if each.address]

    @property
    def unreached(self) -> list[Recipient]:
        return [each for each in self.recipients if not each.address]

    @property
    def told_just_now(self) -> list[Recipient]:
        return [each for each in self.recipients if each.told_just_now]

    @property
    def mark(self) -> str:
        """Return what stands for these warnings; another one is another mark."""
        if not self.warnings:
            return ""
        return hashlib.sha256("\n".join(self.warnings).encode()).hexdigest()[:16]


def address_of(case: Case) -> str:
    """Return the mail address of a case's contact, "" where there is none."""
    return case.contact.email if case.contact is not None else ""


def language_of(case: Case) -> str:
    """Return the language the case's contact reads."""
    return (case.contact.language if case.contact is not None else "") or ENGLISH


def notice_facts(incident: Incident, next_update_at: datetime | None) -> dict[str, str]:
    """Return what placeholders stand for that is the same for every recipient."""
    return facts_of(incident) | {NEXT_UPDATE: promise_words(next_update_at)}


def promise_words(moment: datetime | None) -> str:
    """Return a promised time as customers read it, with its zone; "" where none is promised."""
    if moment is None:
        return ""
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime("%H:%M %Z (%-d %B)")


def text_of(
    case: Case,
    texts: Texts,
    facts: Mapping[str, str],
    services: Mapping[int | None, Mapping[str, str]],
) -> Text:
    """Return what the case's customer reads: of the own services alone, where any is known."""
    own = services.get(case.account_id, {})
    return text_for(texts, language_of(case)).filled({**facts, **own, **_personal(case)})


def preview_notice(
    *,
    incident: Incident,
    cases: Iterable[Case],
    texts: Texts,
    now: datetime,
    next_update_at: datetime | None = None,
) -> NoticePreview:
    """Return the message as each recipient would read it, and what to look at before.

    In: cases with account and contact loaded. Statements: as many for one as for a thousand.
    """
    facts, cases = notice_facts(incident, next_update_at), list(cases)
    services = own_services(incident, (case.account_id for case in cases))
    waiting = _waited_for(cases)
    recipients = [
        Recipient(
            case,
            text_of(case, texts, facts, services),
            now - case.last_informed_at if case.last_informed_at else None,
            case.pk in waiting,
        )
        for case in cases
    ]
    return NoticePreview(recipients, _warnings(recipients, texts, facts))


def _waited_for(cases: list[Case]) -> set[int]:
    rows = NoticeRecipient.objects.filter(case__in=[case.pk for case in cases])
    waiting = rows.filter(notice__state=NoticeState.WAITING)
    return set(waiting.values_list("case_id", flat=True))


def _personal(case: Case) -> dict[str, str]:
    return {
        "case.number": case.number,
        "account.name": str(case.account or ""),
        "contact.name": str(case.contact or ""),
    }


def _warnings(recipients: list[Recipient], texts: Texts, facts: Mapping[str, str]) -> list[str]:
    languages = {language_of(each.case) for each in recipients} or {ENGLISH}
    used = {text_for(texts, language) for language in languages}
    shared = "\n".join(for_everybody(text, facts).whole for text in sorted(used, key=repr))
    names = _accounts_named(shared)
    found = findings_in(shared, hosts=_machines_named(shared), accounts=names)
    ids = {each.case.account_id for each in recipients}
    sentences = [
        each.sentence for each in found if each.what not in names or ids - names[each.what]
    ]
    return sentences + _gaps(recipients)


def _gaps(recipients: list[Recipient]) -> list[str]:
    counts = Counter(name for each in recipients for name in empty_names(each.text.whole))
    return [
        Finding(EMPTY, name).sentence[:-1]
        + (f" for {count} of {len(recipients)} recipients." if count < len(recipients) else ".")
        for name, count in sorted(counts.items())
    ]


def _accounts_named(text: str) -> dict[str, set[int]]:
    """Return the customers whose name stands in the text, with their ids."""
    rows = Account.objects.annotate(text=Value(text, output_field=TextField()))
    named = rows.filter(text__icontains=F("name")).values_list("name", "pk")
    found: dict[str, set[int]] = {}
    for name, pk in named:
        found.setdefault(name, set()).add(pk)
    return found


def _machines_named(text: str) -> list[str]:
    words = possible_machines(text)
    spelled = {form for word in words for form in (word, word.lower(), word.upper())}
    spelled |= {word.partition(".")[0] for word in spelled}
    rows = ConfigurationItem.objects.filter(ci_class__is_service=False, name__in=spelled)
    return list(rows.values_list("name", flat=True))
