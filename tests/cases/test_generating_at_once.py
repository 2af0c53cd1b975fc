"""Many people press Generate at the same moment; only PostgreSQL has real rivals."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from cases.actions import generate_cases
from cases.models import Case
from core.actor import Actor
from core.models import DomainEvent
from core.scope import everything
from incidents.models import Incident
from notifications.models import MailMessage, StagedEvent

RIVALS = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_raise_one_set_of_cases(
    make_incident: Callable[..., Incident], by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=5)
    # SQLite in memory knows no rivals; there the same press comes once and then again.
    rivals = RIVALS if connection.vendor == "postgresql" else 1
    barrier, failures = threading.Barrier(rivals), []

    def press() -> None:
        barrier.wait()
        try:
            with everything():
                generate_cases(incident_id=incident.pk, by=by, now=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    generate_cases(incident_id=incident.pk, by=by, now=now)
    assert failures == []
    assert Case.objects.major().count() == 1
    assert Case.objects.filter(proactive=True).count() == 5
    assert DomainEvent.objects.filter(name="cases.raised").count() == 1
    assert MailMessage.objects.filter(to__endswith="@customer.example").count() == 5
    assert StagedEvent.objects.filter(ticket_number__startswith="CS").count() == 6
