"""Leaving accounts out of proactive cases, and how hard a fault hits them."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Case
from cmdb.models import InstallBaseItem
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("vManage_10001 failed", subcategory="protocol_failure", ci=topology.controller)


def test_an_account_is_left_out_with_a_reason_and_gets_no_case(
    people: Any, client_as: Any, incident: Incident
) -> None:
    nadia, page = client_as(people.nadia), f"/incidents/{incident.number}/"
    assert "Leave Account 2 out" in nadia.get(f"{page}customers/").content.decode()
    address = f"{page}accounts/ACC2/exclude"
    assert nadia.post(address, {"reason": " "}).status_code == 422
    assert "cases it has already stay" in nadia.get(address).content.decode()
    assert nadia.post(address, {"reason": "a lab line"}).status_code == 303
    shown = nadia.get(f"{page}customers/").content.decode()
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
    nadia, record = client_as(people.nadia), f"/incidents/{incident.number}/"
    services = nadia.get(f"{record}impact/").content.decode().partition('id="impacted-services"')[2]
    assert services.count(">Down</span>") == 6
    assert nadia.get(f"{record}customers/").content.decode().count(">Down</span>") == 5
    incident.impacted_services.filter(service__name="Service 1").update(effect="at_risk")
    incident.impacted_services.filter(service__name="Service 2").update(effect="")
    page = nadia.get(f"{record}customers/").content.decode()
    assert ">At risk</span>" in page
    assert "not known" in page


def test_a_refresh_is_shown_before_it_is_done(
    people: Any, client_as: Any, topology: Any, incident: Incident
) -> None:
    nadia, address = client_as(people.nadia), f"/incidents/{incident.number}/refresh"
    assert "Nothing would change" in nadia.get(address).content.decode()
    InstallBaseItem.objects.create(
        number="IB9", name="Line 9", account=topology.other_account, ci=topology.services[0]
    )
    InstallBaseItem.objects.filter(account__name="Account 1").update(active=False)
    shown = nadia.get(address).content.decode()
    assert "+0 −0 services, +1 −1 accounts" in shown
    assert "<li>Account 9</li>" in shown
    assert "<li>Account 1</li>" in shown
    tab = nadia.get(f"/incidents/{incident.number}/impact/").content.decode()
    assert "The CMDB has changed since the last refresh: +0 −0 services, +1 −1 accounts" in tab
    assert incident.affected_accounts.filter(account__name="Account 1").exists()
    answer = nadia.post(address, follow=True)
    assert "Impact refreshed: +0 −0 services, +1 −1 accounts." in answer.content.decode()
    assert not incident.affected_accounts.filter(account__name="Account 1").exists()
    assert incident.journal.filter(text__contains="+1 −1 accounts").exists()


def test_an_item_added_by_hand_is_taken_away_and_the_own_one_is_not(
    people: Any, client_as: Any, topology: Any, incident: Incident
) -> None:
    nadia, record = client_as(people.nadia), f"/incidents/{incident.number}/"
    nadia.post(f"{record}cis/add", {"ci": topology.lonely_item.pk})
    assert "Remove vEdge_99" in nadia.get(f"{record}impact/").content.decode()
    nadia.post(f"{record}cis/{topology.lonely_item.pk}/remove")
    assert incident.affected_cis.get().ci == topology.controller
    answer = nadia.post(f"{record}cis/{topology.controller.pk}/remove", follow=True)
    assert "own configuration item" in answer.content.decode()
    assert incident.affected_cis.get().ci == topology.controller


def test_an_account_is_added_by_hand_with_a_reason(
    people: Any, client_as: Any, topology: Any, incident: Incident
) -> None:
    nadia, record = client_as(people.nadia), f"/incidents/{incident.number}/"
    form = {"account": topology.other_account.pk}
    assert nadia.post(f"{record}accounts/add", form).status_code == 422
    nadia.post(f"{record}accounts/add", {**form, "reason": "They called"})
    nadia.post(f"{record}refresh")
    page = nadia.get(f"{record}customers/").content.decode()
    assert "They called" in page
    assert "by hand" in page
