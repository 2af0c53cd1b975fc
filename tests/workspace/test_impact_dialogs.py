"""Leaving accounts out of proactive cases, and how hard a fault hits them."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Case
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("vManage_10001 failed", subcategory="protocol_failure", ci=topology.controller)


def test_an_account_is_left_out_with_a_reason_and_gets_no_case(
    people: Any, client_as: Any, incident: Incident
) -> None:
    nadia, page = client_as(people.nadia), f"/incidents/{incident.number}/"
    assert "Leave Account 2 out" in nadia.get(page).content.decode()
    address = f"{page}accounts/ACC2/exclude"
    assert nadia.post(address, {"reason": " "}).status_code == 422
    assert "cases it has already stay" in nadia.get(address).content.decode()
    assert nadia.post(address, {"reason": "a lab line"}).status_code == 303
    shown = nadia.get(page).content.decode()
    assert "left out by nadia: a lab line" in shown
    nadia.post(f"{page}generate", {"form": "individual"})
    told = Case.objects.filter(incident=incident).values_list("account__number", flat=True)
    assert sorted(told) == ["ACC1", "ACC3", "ACC4", "ACC5"]
    assert nadia.post(f"{page}accounts/ACC2/include").status_code == 303
    assert incident.affected_accounts.filter(excluded=True).count() == 0
    texts = "".join(incident.journal.values_list("text", flat=True))
    assert "Account 2 left out of proactive cases: a lab line" in texts
    assert "Account 2 included again" in texts


def test_who_is_not_affected_cannot_be_left_out(
    people: Any, client_as: Any, topology: Any, incident: Incident
) -> None:
    address = f"/incidents/{incident.number}/accounts/ACC9/exclude"
    assert client_as(people.nadia).get(address).status_code == 404
    assert client_as(people.nadia).get(address.replace("exclude", "include")).status_code == 405


def test_who_may_not_refresh_the_impact_leaves_nobody_out(
    make_user: Any, client_as: Any, incident: Incident
) -> None:
    address = f"/incidents/{incident.number}/accounts/ACC2/exclude"
    assert client_as(make_user("reader")).post(address, {"reason": "x"}).status_code == 403


def test_how_hard_it_hits_is_said(people: Any, client_as: Any, incident: Incident) -> None:
    page = client_as(people.nadia).get(f"/incidents/{incident.number}/").content.decode()
    assert page.count(">Down</span>") == 6 + 5
    incident.affected_accounts.filter(account__number="ACC1").update(effect="at_risk")
    incident.affected_accounts.filter(account__number="ACC2").update(effect="")
    page = client_as(people.nadia).get(f"/incidents/{incident.number}/").content.decode()
    assert ">At risk</span>" in page
    assert "not known" in page
