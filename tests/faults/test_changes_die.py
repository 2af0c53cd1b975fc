"""The process that changes something is killed: committed means told, anything else never was."""

from collections.abc import Callable

import pytest

from cases.models import Case
from core.models import DomainEvent
from incidents.models import Incident, IncidentEntry
from notifications.models import MailMessage, StagedEvent
from tests.faults.bus import Bus, check_all_arrived, repeated
from tests.faults.conftest import PATHS
from tests.faults.processes import BEAT, PYTHON, Processes, until
from tests.faults.settling import at_rest, check_entered

pytestmark = pytest.mark.django_db(transaction=True)


def acting(verb: str, incident: Incident) -> list[str]:
    return [PYTHON, "-m", "tests.faults.acting", verb, str(incident.pk)]


def finish_by_the_scheduler(site: Processes, bus: Bus) -> None:
    """What is left is found in the tables, and told once."""
    site.start("beat", BEAT)
    until(at_rest, "all work is done")
    check_all_arrived(bus, *PATHS)
    assert repeated(bus) == set()


def test_a_comment_is_told_although_nobody_was_woken(
    site: Processes, bus: Bus, reported: Callable[[], Incident]
) -> None:
    incident = reported()
    before = StagedEvent.objects.count()
    site.dies_at("wake", command=acting("comment", incident))
    assert IncidentEntry.objects.filter(incident=incident, text="Last words").count() == 1
    assert StagedEvent.objects.count() == before + 1
    finish_by_the_scheduler(site, bus)


def test_an_escalation_is_carried_out_although_nobody_was_woken(
    site: Processes,
    bus: Bus,
    reported: Callable[[], Incident],
    people: object,
    work: Callable[[], None],
) -> None:
    incident = reported()
    work()
    site.dies_at("wake", command=acting("climb", incident))
    check_entered(incident, "triage", runs=1, planned=1)
    finish_by_the_scheduler(site, bus)
    check_entered(incident, "l1", runs=2)


def test_cases_half_raised_were_never_raised(
    site: Processes, bus: Bus, reported: Callable[[], Incident], work: Callable[[], None]
) -> None:
    incident = reported()
    work()
    staged, mails = StagedEvent.objects.count(), MailMessage.objects.count()
    site.dies_at("cases.before-commit", command=acting("generate", incident))
    assert not Case.objects.exists()
    assert (StagedEvent.objects.count(), MailMessage.objects.count()) == (staged, mails)

    assert site.start("again", acting("generate", incident)).wait() == 0
    finish_by_the_scheduler(site, bus)
    assert Case.objects.filter(proactive=True).count() == 5
    assert Case.objects.major().count() == 1
    assert DomainEvent.objects.filter(name="cases.raised").count() == 1
    told = StagedEvent.objects.filter(ticket_number__startswith="CS")
    assert sorted(told.values_list("sequence", flat=True)) == [1] * 6
