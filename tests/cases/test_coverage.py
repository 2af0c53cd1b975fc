"""The coverage of an incident: everybody affected was told, waits, or is left out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.coverage import Coverage, coverage_in, coverage_of, covered, untold
from cases.models import Case
from core.models import SystemProperty
from incidents.models import AffectedAccount, Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(topology: Any, now: datetime) -> Incident:
    """Five are affected; two were told, one of these was left out later, one is left out untold."""
    made = Incident.objects.create(number="INC1", short_description="Fault")
    for n, account in enumerate(topology.accounts):
        row = AffectedAccount.objects.create(incident=made, account=account, excluded=n in (1, 2))
        AffectedAccount.objects.filter(pk=row.pk).update(created_at=now - timedelta(minutes=10 + n))
        told = now if n < 2 else None
        Case.objects.create(
            number=f"CS{n}", incident=made, account=account, last_informed_at=told, proactive=True
        )
    return made


def test_everybody_affected_is_counted_once(incident: Incident, now: datetime) -> None:
    coverage = coverage_of(incident.pk)
    assert coverage == Coverage(5, 2, 2, 1, now - timedelta(minutes=14))
    assert coverage.waited(now) == timedelta(minutes=14)


def test_the_counter_equals_the_list(incident: Incident) -> None:
    rows = untold(AffectedAccount.objects.filter(incident=incident))
    names = rows.values_list("account__name", flat=True)
    assert sorted(names) == ["Account 4", "Account 5"]
    assert coverage_of(incident.pk).waiting == rows.count()


def test_a_word_about_another_incident_does_not_count(incident: Incident, now: datetime) -> None:
    other = Incident.objects.create(number="INC2", short_description="Other")
    account = incident.affected_accounts.get(account__name="Account 4").account
    Case.objects.create(number="CS9", incident=other, account=account, last_informed_at=now)
    assert coverage_of(incident.pk).waiting == 2
    AffectedAccount.objects.create(incident=other, account=account)
    assert coverage_of(other.pk) == Coverage(affected=1, informed=1)


def test_how_long_a_customer_may_wait_is_a_property(incident: Incident, now: datetime) -> None:
    coverage = coverage_of(incident.pk)
    assert not coverage.is_late(now, None)
    name = "psew.coverage.told_within_minutes"
    SystemProperty.objects.update_or_create(name=name, domain=None, defaults={"value": "13"})
    assert coverage.is_late(now, None)
    assert not Coverage(affected=1, informed=1).is_late(now, None)


def test_many_incidents_cost_one_statement(incident: Incident) -> None:
    quiet = Incident.objects.create(number="INC2", short_description="Nobody")
    Case.objects.create(number="CS7", incident=quiet)
    with CaptureQueriesContext(connection) as captured:
        rows = {row["pk"]: row for row in covered(Incident.objects.all())}
    assert len(captured) == 1
    assert coverage_in(rows[incident.pk]).affected == 5
    assert (rows[incident.pk]["case_count"], rows[quiet.pk]["case_count"]) == (5, 1)
    assert coverage_in(rows[quiet.pk]) == coverage_of(quiet.pk) == coverage_of(0) == Coverage()
