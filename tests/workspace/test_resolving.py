"""Resolving says what becomes of the cases, and tells customers that it is restored (R110-R113)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cases.actions import generate_cases
from cases.models import Case, Notice
from cases.properties import COMMENTS_SYNC
from core.actor import actor_of
from incidents.models import Incident
from notifications.models import MailMessage
from tests.cases.conftest import set_property

pytestmark = pytest.mark.django_db
SOLVED = {"code": "solved_permanently", "notes": "Rolled back"}


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    set_property(COMMENTS_SYNC, "true")
    fault = {"ci": topology.controller, "service": topology.services[0]}
    return begun("Edge down", subcategory="device_failure", **fault)


@pytest.fixture
def generate(incident: Incident, people: Any, now: Any) -> Callable[[str], None]:
    def make(form: str) -> None:
        generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now, form=form)
        MailMessage.objects.all().delete()

    return make


@pytest.fixture
def ivar(people: Any, client_as: Any) -> Client:
    return client_as(people.ada)


def url_of(incident: Incident) -> str:
    return f"/incidents/{incident.number}/resolve"


def later(work: Callable[[], None]) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()


def test_under_a_major_case_the_children_stay_and_are_told(
    ivar: Client, incident: Incident, generate: Callable[[str], None], work: Callable[[], None]
) -> None:
    generate("major")
    answer = ivar.get(url_of(incident))
    page = answer.content.decode()
    assert "5 child cases. None of them is resolved" in page
    assert page.count("stays <span") == 5
    assert answer.context["form"]["tell"].value() is True
    assert "Your service is back" in page
    sent = ivar.post(url_of(incident), {**SOLVED, "tell": "on"})
    notice = Notice.objects.get()
    assert notice.phase == "restored"
    assert sent["Location"] == f"/incidents/{incident.number}/"
    undo = f'action="/incidents/{incident.number}/messages/{notice.uid}/undo"'
    # The toast and the incident's list of messages have the button.
    assert ivar.get(sent["Location"]).content.decode().count(undo) == 2
    assert not MailMessage.objects.exists()
    later(work)
    mails = MailMessage.objects.filter(subject__contains="Your service is back")
    assert mails.count() == 5
    assert not Case.objects.filter(incident=incident, state="resolved").exists()


def test_without_the_tick_nobody_is_told(
    ivar: Client, incident: Incident, generate: Callable[[str], None]
) -> None:
    generate("major")
    sent = ivar.post(url_of(incident), SOLVED)
    assert sent["Location"] == f"/incidents/{incident.number}/"
    assert not Notice.objects.exists()


def test_cases_that_are_resolved_mail_the_solution_and_nothing_twice(
    ivar: Client, incident: Incident, generate: Callable[[str], None], work: Callable[[], None]
) -> None:
    generate("individual")
    first = Case.objects.order_by("pk")[0]
    Case.objects.filter(pk=first.pk).update(state="canceled")
    answer = ivar.get(url_of(incident))
    page = answer.content.decode()
    assert "4 cases are resolved" in page
    assert "1 case is resolved or closed already and stays so" in page
    assert answer.context["form"]["tell"].value() is False
    ivar.post(url_of(incident), SOLVED)
    later(work)
    assert MailMessage.objects.count() == 4


def test_a_message_with_gaps_is_not_sent_from_here(
    ivar: Client, incident: Incident, generate: Callable[[str], None]
) -> None:
    generate("major")
    Incident.objects.filter(pk=incident.pk).update(service=None)
    incident.impacted_services.all().delete()
    answer = ivar.get(url_of(incident))
    assert "“service.name” has no value." in answer.content.decode()
    ivar.post(url_of(incident), {**SOLVED, "tell": "on"})
    incident.refresh_from_db()
    assert incident.state == "resolved"
    assert not Notice.objects.exists()


def test_where_customers_are_not_notified_nothing_is_offered(
    ivar: Client, incident: Incident, generate: Callable[[str], None]
) -> None:
    generate("major")
    set_property(COMMENTS_SYNC, "false")
    assert "Tell the customers" not in ivar.get(url_of(incident)).content.decode()
