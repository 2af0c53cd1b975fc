"""Many speak about one ticket at the same moment; its events are still counted one by one."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from cases.actions import add_comment as add_case_comment
from cases.actions import generate_cases, notify_customers
from core.actor import Actor
from core.scope import everything
from incidents.actions import add_comment
from incidents.models import Incident
from notifications.models import StagedEvent

RIVALS = 8


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_ever_and_no_number_is_given_twice(
    make_incident: Callable[..., Incident], comments_sync: None, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    case = generate_cases(incident_id=incident.pk, by=by, now=now).cases[0]
    # SQLite in memory knows no rivals.
    rivals = RIVALS if connection.vendor == "postgresql" else 1
    barrier, failures = threading.Barrier(rivals * 3), []
    customer = Actor(kind="customer", name="Contact C1")
    acts: list[Callable[[], object]] = [
        lambda: add_comment(incident_id=incident.pk, text="Agent", by=by, now=now),
        lambda: add_case_comment(
            case_id=case.pk, text="Customer", by=customer, now=now, contact=case.contact
        ),
        lambda: notify_customers(case_ids=[case.pk], note="Notice", by=by, now=now),
    ]

    def run(act: Callable[[], object]) -> None:
        if rivals > 1:
            barrier.wait()
        try:
            with everything():
                act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts * rivals]
    for thread in threads:
        thread.start()
        if rivals == 1:
            thread.join()
    for thread in threads:
        thread.join()
    assert failures == []
    for ticket in (incident.uid, case.uid):
        staged = StagedEvent.objects.filter(ticket_uid=ticket).order_by("sequence")
        sequences = list(staged.values_list("sequence", flat=True))
        assert sequences == list(range(1, len(sequences) + 1))
        assert len(sequences) > 2 * rivals
