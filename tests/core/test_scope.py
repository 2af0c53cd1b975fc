"""Tenants: queries refuse without a scope and see only what it holds."""

import pytest

from accounts.models import Account
from core.models import Domain
from core.scope import NoScope, current_scope, enter_scope, everything, use_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def domains() -> dict[str, Domain]:
    provider = Domain.objects.create(name="provider", parent_id=1)
    reseller = Domain.objects.create(name="reseller", parent=provider)
    shop = Domain.objects.create(name="shop", parent=reseller)
    rival = Domain.objects.create(name="rival", parent_id=1)
    made = {d.name: d for d in (provider, reseller, shop, rival)}
    for n, domain in enumerate(made.values()):
        Account.objects.create(number=f"ACC{n}", name=domain.name, domain=domain)
    return made


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("provider", {"provider", "reseller", "shop"}),
        ("reseller", {"reseller", "shop"}),
        ("shop", {"shop"}),
        ("rival", {"rival"}),
    ],
)
def test_a_domain_sees_itself_and_all_below(
    domains: dict[str, Domain], name: str, seen: set[str]
) -> None:
    with use_scope(domains[name].scope()):
        assert set(Account.objects.values_list("name", flat=True)) == seen


@pytest.mark.usefixtures("domains")
def test_the_top_domain_sees_everything() -> None:
    with use_scope(Domain.objects.get(pk=1).scope()):
        assert Account.objects.count() == 4


def test_without_a_scope_queries_refuse() -> None:
    with use_scope(None), pytest.raises(NoScope):
        Account.objects.count()


def test_a_loop_of_domains_ends(domains: dict[str, Domain]) -> None:
    Domain.objects.filter(name="provider").update(parent=domains["shop"])
    domains["shop"].refresh_from_db()

    assert len(domains["shop"].scope().domain_ids or ()) == 3


def test_an_inner_scope_ends_where_its_block_ends(domains: dict[str, Domain]) -> None:
    shop = domains["shop"].scope()
    with use_scope(shop):
        with everything():
            enter_scope(None)
        assert current_scope() == shop
