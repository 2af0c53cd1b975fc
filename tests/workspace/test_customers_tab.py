"""The Customers tab: coverage, choices, and all one needs to know before a call."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Contract
from cases.actions import generate_cases
from cases.models import Case
from cmdb.models import ConfigurationItem
from core.actor import actor_of
from core.models import SystemProperty
from incidents.models import AffectedAccount, Incident
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("vManage_10001 failed", subcategory="protocol_failure", ci=topology.controller)


@pytest.fixture
def look(nadia: Client, incident: Incident) -> Callable[..., Any]:
    def get(**asked: Any) -> Any:
        answer = nadia.get(f"/incidents/{incident.number}/customers/", asked)
        assert answer.status_code == 200
        return answer

    return get


def names(answer: Any) -> list[str]:
    return [each.row.account.name for each in answer.context["customers"].customers]


def counts(answer: Any) -> dict[str, int]:
    return {pill.key: pill.count for pill in answer.context["customers"].pills}


def test_the_bar_counts_and_each_number_opens_its_list(
    look: Any, incident: Incident, people: Any, now: datetime
) -> None:
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    told = ["Account 1", "Account 2"]
    Case.objects.exclude(account__name__in=told).update(last_informed_at=None)
    incident.affected_accounts.filter(account__name="Account 3").update(excluded=True)
    page = look().content.decode()
    for words in ("5 affected", "2 informed", "2 waiting", "1 left out"):
        assert words in page
    assert names(look(show="told")) == ["Account 1", "Account 2"]
    assert names(look(show="waiting")) == ["Account 4", "Account 5"]
    assert names(look(show="left-out")) == ["Account 3"]
    assert names(look(show="nonsense")) == [f"Account {n}" for n in range(1, 6)]


def test_the_bar_turns_red_when_customers_wait_too_long(
    look: Any, incident: Incident, now: datetime
) -> None:
    assert look().context["customers"].bar.tone == "p2"
    SystemProperty.objects.update_or_create(
        name="psew.coverage.told_within_minutes", domain=None, defaults={"value": "0"}
    )
    assert look().context["customers"].bar.tone == "p1"
    incident.affected_accounts.update(excluded=True)
    assert look().context["customers"].bar.tone == "ok"


def test_the_choices_count_what_they_show(
    look: Any, incident: Incident, topology: Any, now: datetime
) -> None:
    ConfigurationItem.objects.filter(name="Service 2").update(critical=True)
    first, second, third = topology.accounts[:3]
    Case.objects.create(number="P1", incident=incident, account=first, proactive=True)
    Case.objects.create(number="R2", incident=incident, account=second)
    Case.objects.create(number="R3", account=third, opened_at=incident.opened_at)
    other = Incident.objects.create(number="OTHER", short_description="Other")
    Case.objects.create(number="R4", account=topology.accounts[3], incident=other)
    assert counts(look()) == {"all": 5, "critical": 1, "no-case": 4, "waiting": 5, "called": 2}
    for key, count in counts(look()).items():
        assert len(names(look(show=key))) == count
    assert names(look(show="critical")) == ["Account 2"]
    assert names(look(show="called")) == ["Account 2", "Account 3"]
    page = look(show="called").content.decode()
    assert "R2" in page
    assert "called us" in page


def test_a_row_says_who_why_and_what_was_done(
    look: Any, incident: Incident, people: Any, topology: Any, now: datetime
) -> None:
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    rows = {each.row.account.name: each for each in look().context["customers"].customers}
    one = rows["Account 1"]
    assert one.why.names == ("vManage_10001", "vEdge_21", "Service 1")
    assert [(hit.name, hit.effect) for hit in one.hits] == [("Service 1", "down")]
    assert one.case.parent.is_major
    page = look().content.decode()
    assert f"/impact/?why=account-{topology.accounts[0].pk}#impact-graph" in page


def test_values_of_contracts_are_for_those_who_may_see_contracts(
    incident: Incident, topology: Any, client_as: Any, people: Any, make_user: Any
) -> None:
    account = topology.accounts[0]
    for number, value, state in (
        ("1", 12_000, "active"),
        ("2", 500, "active"),
        ("3", 9, "expired"),
    ):
        Contract.objects.create(
            number=number, name="Line", account=account, value=Decimal(value), state=state
        )
    page = f"/incidents/{incident.number}/customers/"
    assert "USD 12,500" in client_as(people.ada).get(page).content.decode()
    reader = make_user("reader")
    reader.user_permissions.add(_permission("view_incident"))
    assert "USD" not in client_as(reader).get(page).content.decode()


def _permission(name: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=name)


def test_three_thousand_accounts_come_in_pages_for_the_same_statements(
    look: Any, incident: Incident
) -> None:
    with CaptureQueriesContext(connection) as few:
        look()
    affect_many(incident, 3_000)
    with CaptureQueriesContext(connection) as many:
        first = look()
    assert len(many) == len(few)
    assert len(names(first)) == 50
    assert first.context["customers"].page.label == "1–50 of 3005 accounts"
    last = look(page=999)
    assert last.context["customers"].page.label == "3001–3005 of 3005 accounts"
    assert not set(names(first)) & set(names(last))


def test_an_incident_that_hits_nobody_says_so(nadia: Client) -> None:
    Incident.objects.create(number="QUIET", short_description="Nothing")
    page = nadia.get("/incidents/QUIET/customers/").content.decode()
    assert "No account is affected" in page
    assert "0 affected" not in page


def test_rows_hit_hardest_come_first(look: Any, incident: Incident) -> None:
    AffectedAccount.objects.filter(account__name="Account 1").update(effect="at_risk")
    AffectedAccount.objects.filter(account__name="Account 2").update(effect="")
    AffectedAccount.objects.filter(account__name="Account 3").update(effect="degraded")
    assert names(look()) == ["Account 4", "Account 5", "Account 3", "Account 1", "Account 2"]
