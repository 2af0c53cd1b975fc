"""What a refresh would change is said beforehand, truly, and without changing anything."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import Account
from cmdb.models import CIRelation, InstallBaseItem
from core.actor import actor_of
from incidents.actions import add_affected_account, open_incident, refresh_impact
from incidents.findings import preview_refresh
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(people: Any, topology: Any, now: datetime, work: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="vManage_10001 failed",
        values={"ci": topology.controller},
    )
    work()
    opened.refresh_from_db()
    return opened


def test_nothing_to_refresh_is_said(incident: Incident) -> None:
    assert preview_refresh(incident).is_empty


def test_the_preview_is_what_the_refresh_does(
    incident: Incident, people: Any, topology: Any, now: datetime
) -> None:
    first, second = topology.services[:2]
    CIRelation.objects.filter(parent=second).delete()
    InstallBaseItem.objects.create(
        number="IB9", name="Line 9", account=topology.other_account, ci=first
    )
    type(topology.controller).objects.filter(pk=topology.controller.pk).update(status="degraded")
    ahead = preview_refresh(incident)
    assert ahead.added == {"services": [], "accounts": ["Account 9"]}
    assert ahead.removed == {"services": ["Service 2"], "accounts": ["Account 2"]}
    assert ahead.changed["services"] == [f"Service {n} (Down → Degraded)" for n in (1, 3, 4, 5, 6)]
    assert incident.impacted_services.count() == 6
    assert incident.affected_accounts.count() == 5
    done = refresh_impact(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    assert done == ahead
    assert "9 hit harder or less hard" in done.sentence()
    assert preview_refresh(incident).is_empty


def test_an_account_added_by_hand_survives_and_is_no_difference(
    incident: Incident, people: Any, topology: Any, now: datetime
) -> None:
    known: dict[str, Any] = {"by": actor_of(people.nadia), "now": now}
    add_affected_account(
        incident_id=incident.pk, account_id=topology.other_account.pk, reason="called", **known
    )
    assert preview_refresh(incident).is_empty
    refresh_impact(incident_id=incident.pk, **known)
    row = incident.affected_accounts.get(account=topology.other_account)
    assert (row.manual, row.added_reason) == (True, "called")


def test_the_preview_asks_as_often_for_many_accounts(
    incident: Incident, topology: Any, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        account = Account.objects.create(number=f"MORE{number}", name=f"More {number}")
        InstallBaseItem.objects.create(
            number=f"M{number}", name="Line", account=account, ci=topology.services[0]
        )
    with django_assert_num_queries(6):
        assert len(preview_refresh(incident).added["accounts"]) == 20
