"""The Impact tab: the graph, what it can be asked, and the same as a table."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Account
from changes.models import ChangeRequest
from cmdb.models import CIRelation, InstallBaseItem
from core.actor import actor_of
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("vManage_10001 failed", subcategory="protocol_failure", ci=topology.controller)


@pytest.fixture
def look(nadia: Any, incident: Incident) -> Callable[..., Any]:
    def get(**asked: Any) -> Any:
        answer = nadia.get(f"/incidents/{incident.number}/impact/", asked)
        assert answer.status_code == 200
        return answer

    return get


def labels(answer: Any) -> list[str]:
    return [line.node.label for line in answer.context["impact"].graph.lines]


def test_everything_reached_is_drawn_from_fault_to_customer(look: Any) -> None:
    answer = look()
    assert labels(answer)[:2] == ["vManage_10001", "vEdge_21"]
    assert set(labels(answer)) == {
        "vManage_10001",
        "vEdge_21",
        *(f"Service {n}" for n in range(1, 7)),
        *(f"Account {n}" for n in range(1, 6)),
    }
    page = answer.content.decode()
    assert page.count('class="node"') == 13
    assert page.count('class="edge"') == 1 + 6 + 5
    assert 'role="group" aria-labelledby="graph-title"' in page
    assert "Account 1, Gold customer, Down, no word yet" in page


def test_the_table_holds_the_same_and_the_way(look: Any) -> None:
    lines = {line.node.label: line for line in look().context["impact"].graph.lines}
    assert lines["Account 2"].over == "vManage_10001 → vEdge_21 → Service 2"
    assert lines["Service 2"].node.effect == "Down"


def test_the_depth_and_the_class_narrow_the_graph(look: Any, topology: Any) -> None:
    assert labels(look(depth=1)) == ["vManage_10001", "vEdge_21"]
    assert labels(look(**{"class": "cmdb_ci_sdwan_edge"})) == ["vManage_10001", "vEdge_21"]
    for junk in ({"depth": "x"}, {"depth": "0"}, {"why": "account-999"}, {"expand": "ci-x"}):
        look(**junk)


def test_finding_dims_the_others(look: Any) -> None:
    answer = look(find="service 3")
    page = answer.content.decode()
    assert answer.context["impact"].graph.found == 1
    assert page.count('class="node lit"') == 1
    assert page.count('class="node dim"') == 12
    assert look(find="account").context["impact"].graph.found == 5


def test_why_shows_the_way_to_an_account(look: Any, topology: Any) -> None:
    answer = look(why=f"account-{topology.accounts[0].pk}")
    way = [node.label for node in answer.context["impact"].graph.way]
    assert way == ["vManage_10001", "vEdge_21", "Service 1", "Account 1"]
    assert answer.content.decode().count('class="edge lit"') == 3


def test_what_is_worth_knowing_stands_in_the_boxes(
    look: Any, topology: Any, people: Any, now: datetime
) -> None:
    Incident.objects.create(number="OTHER", short_description="Also", ci=topology.edge)
    ChangeRequest.objects.create(
        number="CHG1",
        ci=topology.edge,
        planned_start=now + timedelta(hours=1),
        planned_end=now + timedelta(hours=2),
    )
    service = topology.services[5]
    type(service).objects.filter(pk=service.pk).update(critical=True)
    CIRelation.objects.create(
        parent=service,
        child=topology.lonely_item,
        type=CIRelation.objects.get(parent=service).type,
    )
    nodes = {line.node.label: line.node for line in look().context["impact"].graph.lines}
    edge = [badge.text for badge in nodes["vEdge_21"].badges]
    assert edge == ["1 incident", "planned change"]
    assert [badge.text for badge in nodes["vManage_10001"].badges] == ["at fault"]
    last = [badge.text for badge in nodes["Service 6"].badges]
    assert last == ["1 of 2 paths left", "critical"]
    assert nodes["Service 6"].effect == "At risk"


def test_a_large_graph_is_folded_and_unfolds_by_request(
    look: Any, topology: Any, django_assert_max_num_queries: Any
) -> None:
    accounts = Account.objects.bulk_create(
        Account(number=f"CROWD{n}", name=f"Crowd {n:03}") for n in range(200)
    )
    InstallBaseItem.objects.bulk_create(
        InstallBaseItem(number=f"C{n}", name="Line", account=account, ci=topology.services[0])
        for n, account in enumerate(accounts)
    )
    graph = look().context["impact"].graph
    assert (graph.drawn, graph.total) == (20, 213)
    page = look().content.decode()
    assert f'id="node-more-ci-{topology.services[0].pk}"' in page
    assert "+193 more" in page
    more = look(expand=f"ci-{topology.services[0].pk}").context["impact"].graph
    assert more.drawn == 80
    why = look(why=f"account-{accounts[-1].pk}").context["impact"].graph
    assert why.way[-1].label == "Crowd 199"


def test_nothing_found_says_why_and_how_to_mend_it(
    begun: Any, topology: Any, client_as: Any, people: Any
) -> None:
    alone = begun("vEdge_99 failed", subcategory="device_failure", ci=topology.lonely_item)
    address = f"/incidents/{alone.number}/impact/"
    page = client_as(people.nadia).get(address).content.decode()
    assert "No data because vEdge_99 has no relation to a service" in page
    assert "Add relation" not in page
    mend = client_as(people.ada).get(address).content.decode()
    assert f"/admin/cmdb/cirelation/add/?child={topology.lonely_item.pk}" in mend


def test_the_cards_lead_to_their_tabs(nadia: Any, incident: Incident) -> None:
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    for address in ("impact/#affected-cis", "impact/#impacted-services", "customers/#affected"):
        assert f'href="/incidents/{incident.number}/{address}' in page


def test_who_may_not_see_incidents_sees_no_graph(
    client_as: Any, make_user: Any, incident: Incident
) -> None:
    stranger = client_as(make_user("stranger"))
    for tab in ("impact", "customers"):
        assert stranger.get(f"/incidents/{incident.number}/{tab}/").status_code == 403


def test_an_account_told_or_left_out_is_marked(look: Any, incident: Incident, people: Any) -> None:
    from incidents.actions import exclude_account

    account = incident.affected_accounts.get(account__name="Account 1").account
    exclude_account(
        incident_id=incident.pk,
        account_id=account.pk,
        reason="lab",
        by=actor_of(people.nadia),
        now=incident.opened_at,
    )
    assert "Account 1, Gold customer, Down, left out" in look().content.decode()
