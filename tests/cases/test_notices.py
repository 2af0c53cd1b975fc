"""Messages to customers are previewed, wait, can be taken back, and reach each in own words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Contact
from cases import leaving
from cases.actions import generate_cases, take_back, update_case, write_notice
from cases.choices import CaseState, NoticeState
from cases.leaving import release_due_notices
from cases.models import Case, CaseEntry, Notice
from cases.notice_preview import preview_notice
from cases.properties import COMMENTS_SYNC
from cases.templates import next_phase, phase_texts
from cases.wording import Text, from_template
from cmdb.models import CIClass, ConfigurationItem
from core.actor import Actor
from core.errors import MissingField, Refused
from core.jobs import run_jobs
from core.models import DomainEvent
from escalation.models import Message
from incidents.models import Incident, IncidentEntry
from notifications.models import MailMessage
from tests.cases.conftest import set_property
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db
HELLO = {"en": Text("News, {{ account.name }}", "Dear {{ contact.name }}, wait. {{ case.number }}")}


@pytest.fixture
def cases(
    make_incident: Callable[..., Incident], comments_sync: None, by: Actor, now: datetime
) -> list[Case]:
    incident = make_incident(accounts=3)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    MailMessage.objects.all().delete()
    return list(Case.objects.filter(account__isnull=False).order_by("account__name"))


@pytest.fixture
def write(cases: list[Case], by: Actor, now: datetime) -> Callable[..., Notice]:
    def make(
        texts: dict[str, Text] = HELLO, chosen: list[Case] | None = None, **more: Any
    ) -> Notice:
        told = cases if chosen is None else chosen
        assert cases[0].incident is not None
        return write_notice(
            incident_id=cases[0].incident.pk,
            case_ids=[case.pk for case in told],
            texts=texts,
            by=by,
            now=now,
            **more,
        )

    return make


def later(now: datetime, seconds: int) -> None:
    with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
        release_due_notices()


def nothing_left() -> bool:
    return not (
        MailMessage.objects.exists()
        or CaseEntry.objects.filter(kind="comment").exists()
        or IncidentEntry.objects.filter(kind="notification").exists()
        or DomainEvent.objects.filter(name="cases.notified").exists()
    )


def test_for_thirty_seconds_nothing_leaves(write: Callable[..., Notice], now: datetime) -> None:
    notice = write()
    assert notice.leaves_at == now + timedelta(seconds=30)
    later(now, 29)
    assert nothing_left()
    later(now, 31)
    notice.refresh_from_db()
    assert notice.state == NoticeState.LEFT
    assert MailMessage.objects.count() == 3


def test_each_customer_reads_words_of_their_own(
    write: Callable[..., Notice], cases: list[Case], now: datetime
) -> None:
    notice = write(chosen=cases[:2])
    later(now, 31)
    mails = MailMessage.objects.order_by("to")
    assert [mail.case for mail in mails] == cases[:2]
    for mail, case in zip(mails, cases[:2], strict=True):
        assert mail.subject == f"[{case.number}] News, {case.account}"
        assert mail.body == f"Dear {case.contact}, wait. {case.number}"
        assert CaseEntry.objects.get(case=case, kind="comment").text == mail.body
        assert mail.cause == f"notice:{notice.pk}"
    told = IncidentEntry.objects.get(kind="notification").text
    assert "Dear {{ contact.name }}, wait." in told
    assert str(cases[2].account) not in told


def test_taking_back_leaves_no_trace_but_the_note(
    write: Callable[..., Notice], by: Actor, now: datetime
) -> None:
    notice = write()
    take_back(notice_id=notice.pk, by=by, now=now + timedelta(seconds=5))
    later(now, 60)
    assert nothing_left()
    notice.refresh_from_db()
    assert (notice.state, notice.ended_by) == (NoticeState.TAKEN_BACK, by.name)
    note = IncidentEntry.objects.get(text__startswith="Taken back before it left")
    assert "3 customers" in note.text
    assert note.actor_name == by.name
    with pytest.raises(Refused, match="has taken the message back already"):
        take_back(notice_id=notice.pk, by=by, now=now)


def test_what_has_left_is_not_taken_back(
    write: Callable[..., Notice], by: Actor, now: datetime
) -> None:
    notice = write()
    later(now, 31)
    with pytest.raises(Refused, match="has left"):
        take_back(notice_id=notice.pk, by=by, now=now)
    assert MailMessage.objects.count() == 3


def test_pressing_twice_writes_one_message(write: Callable[..., Notice], now: datetime) -> None:
    first, second = write(request_key="once"), write(request_key="once")
    assert first == second
    later(now, 31)
    release_due_notices()
    assert MailMessage.objects.count() == 3


def test_what_was_corrected_since_is_a_message_of_its_own(
    write: Callable[..., Notice], cases: list[Case], by: Actor, now: datetime
) -> None:
    first = write(request_key="once")
    take_back(notice_id=first.pk, by=by, now=now)
    again = write(request_key="once")
    other = write({"en": Text("News", "Corrected.")}, request_key="once")
    fewer = write({"en": Text("News", "Corrected.")}, cases[:1], request_key="once")
    sooner = now + timedelta(minutes=15)
    promising = write(
        {"en": Text("News", "Corrected.")}, cases[:1], request_key="once", next_update_at=sooner
    )
    assert len({each.pk for each in (first, again, other, fewer, promising)}) == 5
    assert [each.waits for each in (again, other, fewer, promising)] == [True] * 4


def test_pressing_again_after_it_left_tells_nobody_twice(
    write: Callable[..., Notice], now: datetime
) -> None:
    first = write(request_key="once")
    later(now, 31)
    assert write(request_key="once") == first
    assert Notice.objects.count() == 1


def test_what_cannot_be_told_is_refused_before_it_waits(
    write: Callable[..., Notice], cases: list[Case]
) -> None:
    with pytest.raises(MissingField):
        write({"en": Text("Hello", " ")})
    with pytest.raises(MissingField):
        write({"en": Text("Hello", "Hello"), "de": Text("Hallo", "")})
    with pytest.raises(Refused, match="Select at least one"):
        write(chosen=[])
    set_property(COMMENTS_SYNC, "false")
    with pytest.raises(Refused, match="switched off"):
        write()
    assert not Notice.objects.exists()


def test_switched_off_while_it_waited_it_is_not_sent_and_says_so(
    write: Callable[..., Notice], now: datetime
) -> None:
    notice = write()
    set_property(COMMENTS_SYNC, "false")
    later(now, 31)
    notice.refresh_from_db()
    assert notice.state == NoticeState.REFUSED
    assert "switched off" in notice.error
    assert nothing_left()
    assert IncidentEntry.objects.filter(text__contains="was not sent").count() == 1


def test_one_that_fails_holds_up_no_other_and_is_tried_again(
    write: Callable[..., Notice],
    cases: list[Case],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = write(chosen=cases[:1]), write(chosen=cases[1:])
    real = leaving.notify_or_start

    def fail(**told: Any) -> Any:
        if told["notice"] == bad:
            real(**told)
            raise ValueError("poisoned")
        return real(**told)

    with monkeypatch.context() as patch:
        patch.setattr(leaving, "notify_or_start", fail)
        later(now, 31)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (NoticeState.WAITING, NoticeState.LEFT)
    assert bad.leaves_at == now + timedelta(seconds=62)
    assert MailMessage.objects.count() == 2
    later(now, 63)
    bad.refresh_from_db()
    assert bad.state == NoticeState.LEFT
    assert MailMessage.objects.count() == 3


def test_a_case_closed_while_it_waited_hears_nothing(
    write: Callable[..., Notice], cases: list[Case], by: Actor, now: datetime
) -> None:
    write()
    update_case(case_id=cases[0].pk, values={"state": CaseState.CANCELED}, by=by, now=now)
    later(now, 31)
    assert not MailMessage.objects.filter(case=cases[0]).exists()
    assert MailMessage.objects.count() == 2


def test_a_customer_without_address_is_not_counted_as_told(
    write: Callable[..., Notice], cases: list[Case], now: datetime
) -> None:
    Contact.objects.filter(pk=cases[0].contact_id).update(email="")
    Case.objects.update(last_informed_at=None)
    write()
    later(now, 31)
    told = Case.objects.filter(last_informed_at__isnull=False)
    assert set(told.values_list("pk", flat=True)) == {cases[1].pk, cases[2].pk}


def test_many_leave_as_a_job_that_tells_each_once(
    make_incident: Callable[..., Incident], comments_sync: None, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=0)
    affect_many(incident, 130)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    MailMessage.objects.all().delete()
    ids = [case.pk for case in made.cases]
    notice = write_notice(incident_id=incident.pk, case_ids=ids, texts=HELLO, by=by, now=now)
    later(now, 31)
    notice.refresh_from_db()
    assert notice.job is not None
    assert not MailMessage.objects.exists()
    with time_machine.travel(now + timedelta(seconds=32), tick=False):
        while run_jobs():
            pass
    mails = MailMessage.objects.filter(cause=f"notice:{notice.pk}")
    assert mails.count() == mails.values("to").distinct().count() == 130
    one = mails.select_related("case__contact").first()
    assert one is not None
    assert one.case is not None
    assert f"Dear {one.case.contact}" in one.body


def test_contacts_read_their_language_where_there_is_a_text(
    write: Callable[..., Notice], cases: list[Case], now: datetime
) -> None:
    for case, language in zip(cases, ("de", "fr", ""), strict=True):
        Contact.objects.filter(pk=case.contact_id).update(language=language)
    write({"en": Text("News", "English."), "de": Text("Neues", "Deutsch.")})
    later(now, 31)
    bodies = MailMessage.objects.order_by("case__account__name").values_list("body", flat=True)
    assert list(bodies) == ["Deutsch.", "English.", "English."]


def test_the_preview_is_what_leaves(
    write: Callable[..., Notice], cases: list[Case], now: datetime
) -> None:
    texts, promised = phase_texts("update", domain_id=None)[0], now + timedelta(minutes=30)
    incident = cases[0].incident
    assert incident is not None
    seen = preview_notice(
        incident=incident, cases=cases, texts=texts, now=now, next_update_at=promised
    )
    write(texts, next_update_at=promised)
    later(now, 31)
    mails = {mail.case_id: mail for mail in MailMessage.objects.all()}
    for each in seen.recipients:
        assert mails[each.case.pk].body == each.text.body
        assert each.text.subject in mails[each.case.pk].subject
        assert f"{promised:%H:%M} UTC" in each.text.body


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("We restarted vEdge_77 for you.", "“vEdge_77” is the name of a machine of ours."),
        ("Ping 10.1.1.1.", "“10.1.1.1” is an internal address."),
        ("As for Customer A2.", "“Customer A2” is another customer."),
        ("See {{ change.number }}.", "“change.number” has no value."),
        ("See {{ no.such }}.", "“no.such” has no value."),
    ],
)
def test_what_gives_away_too_much_is_warned_of(
    cases: list[Case], now: datetime, body: str, warning: str
) -> None:
    edge = CIClass.objects.get(name="cmdb_ci_sdwan_edge")
    ConfigurationItem.objects.create(name="vEdge_77", ci_class=edge)
    incident = cases[0].incident
    assert incident is not None
    found = preview_notice(
        incident=incident, cases=cases, texts={"en": Text("News", body)}, now=now
    )
    assert found.warnings == [warning]
    assert found.mark


def test_a_customers_own_name_is_no_warning(cases: list[Case], now: datetime) -> None:
    texts = {"en": Text("News", "To Customer A2.")}
    incident = cases[0].incident
    assert incident is not None
    mine = preview_notice(incident=incident, cases=[cases[1]], texts=texts, now=now)
    assert mine.warnings == []
    assert mine.mark == ""


def test_the_preview_says_who_is_not_reached_and_who_was_told_just_now(
    cases: list[Case], now: datetime
) -> None:
    Contact.objects.filter(pk=cases[0].contact_id).update(email="")
    Case.objects.filter(pk=cases[1].pk).update(last_informed_at=now - timedelta(minutes=4))
    Case.objects.filter(pk=cases[2].pk).update(last_informed_at=now - timedelta(hours=4))
    rows = Case.objects.select_related("account", "contact").order_by("account__name")
    incident = cases[0].incident
    assert incident is not None
    seen = preview_notice(
        incident=incident, cases=rows.filter(account__isnull=False), texts=HELLO, now=now
    )
    assert [each.case for each in seen.unreached] == [cases[0]]
    assert [each.case for each in seen.told_just_now if each.address] == [cases[1]]


def test_who_a_waiting_message_reaches_counts_as_told_just_now(
    write: Callable[..., Notice], cases: list[Case], by: Actor, now: datetime
) -> None:
    incident = cases[0].incident
    assert incident is not None
    Case.objects.update(last_informed_at=None)
    rows = Case.objects.filter(account__isnull=False).select_related("account", "contact")

    def told_just_now() -> list[Case]:
        seen = preview_notice(incident=incident, cases=rows, texts=HELLO, now=now)
        return [each.case for each in seen.told_just_now]

    notice = write(chosen=cases[:1])
    assert told_just_now() == cases[:1]
    take_back(notice_id=notice.pk, by=by, now=now)
    assert told_just_now() == []


def test_templates_are_rows_with_subject_domain_and_language(cases: list[Case]) -> None:
    texts, version = phase_texts("restored", domain_id=cases[0].domain_id, languages=["de", "fr"])
    assert set(texts) == {"en", "de"}
    assert texts["en"].subject == "Your service is back"
    assert "Subject:" not in texts["en"].body
    assert version == 1
    Message.objects.create(
        key="customer.restored", domain_id=cases[0].domain_id, text="Subject: Up\n\nIt works."
    )
    own, _ = phase_texts("restored", domain_id=cases[0].domain_id)
    assert own == {"en": Text("Up", "It works.")}


def test_a_template_needs_no_subject() -> None:
    assert from_template("Only words.") == Text("", "Only words.")


def test_the_next_phase_follows_what_was_told(write: Callable[..., Notice], now: datetime) -> None:
    notice = write(phase="acknowledge")
    assert next_phase(notice.incident) == "acknowledge"
    later(now, 31)
    assert next_phase(notice.incident) == "investigating"
    write(phase="investigating")
    later(now, 31)
    assert next_phase(notice.incident) == "update"
