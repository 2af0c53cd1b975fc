"""The process that does the background work is killed -9 wherever it hurts; nothing is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.actions import generate_cases, write_notice
from cases.models import Case, CaseEntry, Notice
from cases.properties import COMMENTS_SYNC
from cases.wording import Text
from core.actor import SYSTEM
from incidents.models import Incident
from notifications.models import MailMessage, OutboundDelivery
from tests.cases.conftest import set_property
from tests.faults.bus import Bus, check_all_arrived, repeated
from tests.faults.conftest import PATHS
from tests.faults.processes import BEAT, Processes, until
from tests.faults.settling import at_rest, check_entered, let_leases_end

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = [
    "delivery.before-work",
    "delivery.after-work",
    "delivery.before-commit",
    "delivery.after-commit",
    "run.after-step-2",
    "run.before-commit",
    "producer.before-commit",
    "producer.after-commit",
    "sender.after-claim",
    "sender.after-talk",
    "sender.after-finish",
]
IN_THE_SENDER = {"sender.after-claim", "sender.after-talk", "sender.after-finish"}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_process_loses_repeats_and_makes_up_nothing(
    site: Processes, bus: Bus, reported: Callable[[], Incident], point: str
) -> None:
    incidents = [reported(), reported()]
    site.dies_at(point)
    # Each subscriber has a thread of its own, so the other one is killed wherever it is.
    held = let_leases_end()
    assert held or point not in {"sender.after-claim", "sender.after-talk"}
    assert not held or point in IN_THE_SENDER

    site.start("beat", BEAT)
    until(at_rest, "all work is done")
    check_all_arrived(bus, *PATHS)
    assert repeated(bus) or point != "sender.after-talk"
    assert not repeated(bus) or point in IN_THE_SENDER
    for incident in incidents:
        check_entered(incident, "triage", runs=1)
    assert not OutboundDelivery.objects.exclude(state="sent").exists()


def test_a_mail_is_sent_again_where_nobody_knows_that_it_went(
    site: Processes,
    bus: Bus,
    reported: Callable[[], Incident],
    work: Callable[[], None],
    now: datetime,
) -> None:
    incident = reported()
    work()
    generate_cases(incident_id=incident.pk, by=SYSTEM, now=now)
    site.dies_at("mail.after-talk")
    assert let_leases_end() == 1

    site.start("beat", BEAT)
    until(at_rest, "all work is done")
    mails = MailMessage.objects.filter(to__startswith="c").order_by("-attempts")
    tries = list(mails.values_list("state", "attempts"))
    assert tries == [("sent", 2)] + [("sent", 1)] * 4
    check_all_arrived(bus, *PATHS)


def test_a_message_to_customers_leaves_once(
    site: Processes,
    bus: Bus,
    reported: Callable[[], Incident],
    work: Callable[[], None],
    now: datetime,
) -> None:
    set_property(COMMENTS_SYNC, "true")
    incident = reported()
    work()
    generate_cases(incident_id=incident.pk, by=SYSTEM, now=now)
    work()
    MailMessage.objects.all().delete()
    cases = Case.objects.filter(incident=incident, account__isnull=False)
    notice = write_notice(
        incident_id=incident.pk,
        case_ids=[case.pk for case in cases],
        texts={"en": Text("News", "We are on it.")},
        by=SYSTEM,
        now=now - timedelta(minutes=5),
    )
    site.dies_at("notice.before-commit")
    notice.refresh_from_db()
    assert (notice.state, MailMessage.objects.count()) == ("waiting", 0)

    site.start("beat", BEAT)
    left = Notice.objects.filter(pk=notice.pk, state="left")
    until(lambda: left.exists() and at_rest(), "the message has left")
    written = CaseEntry.objects.filter(text="We are on it.")
    assert written.count() == written.values("case").distinct().count() == cases.count()
    assert MailMessage.objects.filter(state="sent").count() == cases.count()
    check_all_arrived(bus, *PATHS)
