"""The process that does the background work is killed -9 wherever it hurts; nothing is lost."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cases.actions import generate_cases
from core.actor import SYSTEM
from incidents.models import Incident
from notifications.models import MailMessage, OutboundDelivery
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
