"""S13 as people see it: another device is at fault, and who is hit is found anew."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from cmdb.models import CIRelation, ConfigurationItem, InstallBaseItem, RelationType
from incidents.models import Incident
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CatchUp = Callable[[], None]


@pytest.fixture
def other_edge(topology: Any) -> ConfigurationItem:
    """An edge that carries one service more, which two accounts use."""
    edge: ConfigurationItem = topology.lonely_item
    service = topology.services[5]
    depends = RelationType.objects.get(name="Depends on::Used by")
    CIRelation.objects.create(parent=service, child=edge, type=depends)
    for n, account in enumerate(topology.accounts[:2]):
        InstallBaseItem.objects.create(number=f"IB9{n}", name=f"B {n}", account=account, ci=service)
    return edge


def test_another_device_is_at_fault(
    flapping: Incident,
    other_edge: ConfigurationItem,
    people: Any,
    topology: Any,
    workers: CatchUp,
    desk: Desk,
) -> None:
    page = f"/incidents/{flapping.number}/"
    desk.sign_in(people.nadia)
    _add_an_account_by_hand(desk, page, "Account 9")
    _name_the_other_edge(desk, page, other_edge, workers)
    _see_who_is_hit_now(desk, page)
    _relate_it_further_and_refresh(desk, page, topology)


def _add_an_account_by_hand(desk: Desk, page: str, account: str) -> None:
    desk.go(f"{page}customers/")
    expect(_accounts(desk).get_by_role("rowheader")).to_have_count(5)
    desk.link("Add account").click()
    desk.dialog().get_by_label("Account").select_option(label=account)
    desk.dialog().get_by_label("Why is it affected?").fill("Called us about the same tunnels")
    desk.dialog().get_by_role("button", name="Add account").click()
    expect(_accounts(desk).get_by_role("rowheader")).to_have_count(6)


def _name_the_other_edge(desk: Desk, page: str, edge: ConfigurationItem, workers: CatchUp) -> None:
    desk.go(f"{page}details/")
    desk.page.get_by_label("Configuration item").select_option(label=edge.name)
    desk.button("Save").click()
    expect(desk.page.locator("aside")).to_contain_text(edge.name)
    workers()
    desk.go(page)
    desk.until(desk.card("Affected accounts").filter(has_text="3"))


def _see_who_is_hit_now(desk: Desk, page: str) -> None:
    desk.go(page)
    desk.until(desk.stream().filter(has_text="−"))
    desk.go(f"{page}customers/")
    names = _accounts(desk).get_by_role("rowheader")
    expect(names).to_have_count(3)
    expect(names.filter(has_text="Account 9")).to_contain_text("by hand")
    expect(names.filter(has_text="Account 5")).to_have_count(0)


def _relate_it_further_and_refresh(desk: Desk, page: str, topology: Any) -> None:
    service = topology.services[4]
    depends = RelationType.objects.get(name="Depends on::Used by")
    CIRelation.objects.create(parent=service, child=topology.lonely_item, type=depends)
    desk.go(f"{page}impact/")
    desk.link("Refresh impacted services").click()
    expect(desk.dialog()).to_contain_text("+1 −0 services, +1 −0 accounts")
    expect(desk.dialog()).to_contain_text(service.name)
    expect(desk.dialog()).to_contain_text("Account 5")
    desk.dialog().get_by_role("button", name="Refresh impact").click()
    expect(desk.dialog()).to_have_count(0)
    desk.go(f"{page}customers/")
    expect(_accounts(desk).get_by_role("rowheader")).to_have_count(4)


def _accounts(desk: Desk) -> Any:
    return desk.page.get_by_role("table").filter(has_text="Services hit")
