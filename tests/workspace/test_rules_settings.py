"""Properties and business rules: values, domains, history, and who may (X1, X13, R178)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.properties import THRESHOLD
from core.models import BusinessRule, BusinessRuleOverride, Domain, Role, SettingChange, User

pytestmark = pytest.mark.django_db
ONE = f"/rules/properties/{THRESHOLD.name}/"


@pytest.fixture
def keeper(base: None) -> User:
    user = User.objects.create_user("keeper")
    user.groups.add(Role.objects.get(name="psew.property_admin"))
    return user


@pytest.fixture
def browser(keeper: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(keeper)


def test_a_property_is_found_by_any_name_and_says_who_reads_it(browser: Client) -> None:
    page = browser.get(f"/rules/properties/?q={THRESHOLD.aliases[0]}")
    row = page.context["rows"][0]
    assert (row.declared.name, row.value, row.reader) == (THRESHOLD.name, "2", "Cases")
    assert len(page.context["rows"]) == 1
    every = browser.get("/rules/properties/").context
    assert all(row.reader for row in every["rows"])
    assert len(every["rules"]) == BusinessRule.objects.count()


def test_a_value_is_set_for_all_and_for_a_domain_and_who_did_it_is_kept(browser: Client) -> None:
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    assert browser.post(ONE, {"value": "five"}).status_code == 422
    assert browser.post(ONE, {"value": "5"}).status_code == 303
    assert browser.post(ONE, {"value": "9", "domain": str(tenant.pk)}).status_code == 303
    assert (THRESHOLD.value(), THRESHOLD.value(tenant.pk)) == (5, 9)
    browser.post(f"{ONE}clear", {"domain": str(tenant.pk)})
    assert THRESHOLD.value(tenant.pk) == 5
    kept = list(SettingChange.objects.order_by("pk").values_list("old", "new", "by_name"))
    assert kept == [("2", "5", "keeper"), ("", "9", "keeper"), ("9", "", "keeper")]
    assert "keeper" in browser.get(ONE).content.decode()


def test_a_tenant_sets_its_own_value_only(browser: Client, keeper: User) -> None:
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    other = Domain.objects.create(name="Tenant A", parent_id=1)
    browser.post(ONE, {"value": "77", "domain": str(other.pk)})
    keeper.domain = tenant
    keeper.save()
    assert browser.post(ONE, {"value": "7"}).status_code == 422
    assert browser.post(ONE, {"value": "7", "domain": str(other.pk)}).status_code == 422
    assert browser.post(f"{ONE}clear", {"domain": str(other.pk)}).status_code == 403
    assert browser.post(ONE, {"value": "7", "domain": str(tenant.pk)}).status_code == 303
    assert (THRESHOLD.value(), THRESHOLD.value(tenant.pk)) == (2, 7)
    assert "77" not in browser.get(ONE).content.decode()


def test_a_rule_is_switched_for_all_and_for_a_domain(browser: Client, keeper: User) -> None:
    rule = BusinessRule.objects.get(name="Start network workflows")
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    url = f"/rules/business-rules/{rule.pk}/"
    browser.post(f"{url}switch", {"active": "off"})
    browser.post(f"{url}switch", {"active": "on", "domain": str(tenant.pk)})
    rule.refresh_from_db()
    assert (rule.active, BusinessRuleOverride.objects.get().active) == (False, True)
    assert "Tenant B" in browser.get(url).content.decode()
    keeper.domain = tenant
    keeper.save()
    assert browser.post(f"{url}switch", {"active": "on"}).status_code == 403
    browser.post(f"{url}switch", {"active": "default", "domain": str(tenant.pk)})
    assert not BusinessRuleOverride.objects.exists()
    assert SettingChange.objects.filter(subject="rule", name=rule.name).count() == 3


def test_agents_see_neither(people: Any, client_as: Any) -> None:
    nadia = client_as(people.nadia)
    assert nadia.get("/rules/properties/").status_code == 403
    assert nadia.post(ONE, {"value": "1"}).status_code == 403
    assert nadia.post(f"{ONE}clear", {"domain": "1"}).status_code == 403
    rule = BusinessRule.objects.earliest("pk")
    for rest in ("", "switch"):
        assert nadia.post(f"/rules/business-rules/{rule.pk}/{rest}").status_code == 403


def test_who_only_looks_sets_nothing(base: None, client_as: Any) -> None:
    looker = User.objects.create_user("looker")
    role = Role.objects.create(name="looks")
    kept = Role.objects.get(name="psew.property_admin").permissions
    role.permissions.set(kept.filter(codename__startswith="view"))
    looker.groups.add(role)
    looking = client_as(looker)
    assert "Save value" not in looking.get(ONE).content.decode()
    assert looking.post(ONE, {"value": "9"}).status_code == 403
    assert THRESHOLD.value() == 2
