"""The impact walk: what a fault reaches, by which way, in how many statements."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmdb.models import InstallBaseItem, RelationType
from cmdb.queries import DEPTH, Effect, impact_of, name_paths
from core.models import Domain
from core.scope import NoScope, use_scope
from tests.cmdb.graphs import Network, lengths_from

pytestmark = pytest.mark.django_db
SIZE = 7
NODES = st.integers(0, SIZE - 1)
RELATIONS = st.lists(st.tuples(NODES, NODES, st.sampled_from(["up", "down", "none"])), max_size=20)


def test_a_fault_travels_from_the_child_up_to_service_and_account() -> None:
    network = Network()
    network.item("voice", service=True)
    network.relate("edge", "controller")
    network.relate("voice", "edge")
    item = network.install("voice", "Contoso")

    impact = impact_of(ci_ids=[network.item("controller").pk])

    assert [network.names(s.path) for s in impact.services] == [["controller", "edge", "voice"]]
    assert [(a.account_id, a.install_base_item_id) for a in impact.accounts] == [
        (item.account_id, item.pk)
    ]
    assert network.names(impact.accounts[0].path) == ["controller", "edge", "voice"]
    assert impact.reason_if_empty == ""


def test_a_fault_does_not_travel_against_its_relation() -> None:
    network = Network()
    network.item("voice", service=True)
    network.relate("voice", "edge")
    network.relate("edge", "port", "none")
    network.relate("edge", "rack", "down")

    assert impact_of(ci_ids=[network.item("port").pk]).services == []
    assert impact_of(ci_ids=[network.item("rack").pk]).services == []


def test_a_relation_with_impact_down_takes_a_fault_to_the_child() -> None:
    network = Network()
    network.item("voice", service=True)
    network.relate("power", "edge", "down")
    network.relate("voice", "edge")

    services = impact_of(ci_ids=[network.item("power").pk]).services

    assert [network.names(s.path) for s in services] == [["power", "edge", "voice"]]


def test_an_explicit_association_leads_to_its_service() -> None:
    network = Network()
    network.associate("edge", "voice")

    services = impact_of(ci_ids=[network.item("edge").pk]).services

    assert [s.id for s in services] == [network.item("voice").pk]


def test_install_base_on_the_item_itself_counts_and_an_inactive_one_does_not() -> None:
    network = Network()
    network.install("edge", "Contoso")
    network.install("edge", "Gone", active=False)

    accounts = impact_of(ci_ids=[network.item("edge").pk]).accounts

    assert [network.names(a.path) for a in accounts] == [["edge"]]


def test_an_account_reached_twice_is_named_once_by_the_shortest_way() -> None:
    network = Network()
    network.relate("site", "edge")
    near = network.install("edge", "Contoso")
    network.install("site", "Contoso")

    accounts = impact_of(ci_ids=[network.item("edge").pk]).accounts

    assert [a.install_base_item_id for a in accounts] == [near.pk]


def test_a_service_at_fault_is_itself_impacted() -> None:
    network = Network()
    voice = network.item("voice", service=True)

    assert [s.path for s in impact_of(ci_ids=[voice.pk]).services] == [[voice.pk]]


def test_the_walk_ends_at_its_bound() -> None:
    network = Network()
    for n in range(DEPTH + 2):
        network.relate(f"n{n + 1}", f"n{n}")
    network.install(f"n{DEPTH}", "inside")
    network.install(f"n{DEPTH + 1}", "outside")

    accounts = impact_of(ci_ids=[network.item("n0").pk]).accounts

    assert [network.names(a.path)[-1] for a in accounts] == [f"n{DEPTH}"]


def test_an_item_without_relations_says_why_nothing_is_found() -> None:
    network = Network()

    reason = impact_of(ci_ids=[network.item("vManage_10001").pk]).reason_if_empty

    assert reason.startswith("No data because vManage_10001 has no relation to a service")


def test_no_item_says_so() -> None:
    assert "No configuration item" in impact_of(ci_ids=[]).reason_if_empty


def test_the_walk_is_two_statements_and_naming_another() -> None:
    network = Network()
    network.item("voice", service=True)
    for n in range(20):
        network.relate("voice", f"edge{n}")
        network.relate(f"edge{n}", "controller")
        network.install(f"edge{n}", f"account{n}")

    with CaptureQueriesContext(connection) as asked:
        impact = impact_of(ci_ids=[network.item("controller").pk])
        names = name_paths({pk for account in impact.accounts for pk in account.path})

    assert len(asked) == 3
    assert len(names) == 21


def test_other_tenants_rows_are_neither_walked_through_nor_returned() -> None:
    ours, theirs = (Domain.objects.create(name=n, parent_id=1) for n in ("ours", "theirs"))
    own, other = Network(ours.pk), Network(theirs.pk)
    other.item("voice", service=True)
    own.items["voice"] = other.items["voice"]
    own.relate("voice", "edge")
    other.items["edge"] = own.items["edge"]
    other.install("edge", "Their customer")
    own.install("edge", "Our customer")

    with use_scope(ours.scope()):
        impact = impact_of(ci_ids=[own.item("edge").pk])
    with use_scope(theirs.scope()):
        foreign = impact_of(ci_ids=[own.item("edge").pk])

    assert impact.services == []
    assert len(impact.accounts) == 1
    assert foreign.accounts == []
    assert "edge" not in foreign.reason_if_empty.split()


def test_without_a_scope_the_walk_refuses() -> None:
    with use_scope(None), pytest.raises(NoScope):
        impact_of(ci_ids=[1])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    relations=RELATIONS,
    services=st.sets(NODES),
    installed=st.lists(NODES, max_size=5),
    start=st.sets(NODES, min_size=1, max_size=3),
)
def test_the_walk_finds_what_a_plain_search_finds(
    relations: list[tuple[int, int, str]],
    services: set[int],
    installed: list[int],
    start: set[int],
) -> None:
    network = Network()
    items = [network.item(f"n{n}", service=n in services) for n in range(SIZE)]
    edges = []
    for parent, child, impact in relations:
        if parent != child:
            network.relate(f"n{parent}", f"n{child}", impact)
            up, down = (items[child].pk, items[parent].pk), (items[parent].pk, items[child].pk)
            edges += {"up": [up], "down": [down], "none": []}[impact]
    for node in installed:
        network.install(f"n{node}", f"A{InstallBaseItem.objects.count()}")

    found = impact_of(ci_ids=[items[n].pk for n in start])

    lengths = lengths_from([items[n].pk for n in start], edges)
    expected = {items[n].pk: lengths[items[n].pk] for n in services if items[n].pk in lengths}
    assert {s.id: len(s.path) for s in found.services} == expected
    reached = sorted(lengths[items[n].pk] for n in installed if items[n].pk in lengths)
    assert sorted(len(a.path) for a in found.accounts) == reached
    for path in [s.path for s in found.services] + [a.path for a in found.accounts]:
        assert path[0] in {items[n].pk for n in start}
        assert set(pairwise(path)) <= set(edges)


def test_what_has_another_edge_is_at_risk_and_what_has_none_is_down() -> None:
    network = Network()
    for service in ("voice", "video"):
        network.item(service, service=True)
    for edge in ("edge1", "edge2"):
        network.relate("voice", edge)
    network.relate("video", "edge1")
    network.install("voice", "Contoso")
    network.install("video", "Fabrikam")

    impact = impact_of(ci_ids=[network.item("edge1").pk])

    effects = {network.names([s.id])[0]: (s.effect, str(s.left or "")) for s in impact.services}
    assert effects == {
        "voice": (Effect.AT_RISK, "1 of 2 paths left"),
        "video": (Effect.DOWN, ""),
    }
    assert sorted(a.effect for a in impact.accounts) == [Effect.AT_RISK, Effect.DOWN]


def test_an_item_that_only_limps_degrades_what_depends_on_it() -> None:
    network = Network()
    network.item("voice", service=True)
    network.relate("voice", "edge")
    edge = network.item("edge")
    edge.status = "degraded"
    edge.save()

    services = impact_of(ci_ids=[edge.pk]).services

    assert [s.effect for s in services] == [Effect.DEGRADED]


@pytest.mark.parametrize(("redundancy", "turned"), [("child", False), ("both", True)])
def test_a_stand_in_makes_a_fault_a_risk(redundancy: str, turned: bool) -> None:
    network = Network()
    network.item("voice", service=True)
    network.relate("voice", "main")
    pair = ("spare", "main") if turned else ("main", "spare")
    network.relate(*pair, "none")
    RelationType.objects.filter(name="none").update(redundancy=redundancy)

    def effect(*failed: str) -> list[Effect]:
        ids = [network.item(name).pk for name in failed]
        return [s.effect for s in impact_of(ci_ids=ids).services]

    assert effect("main") == [Effect.AT_RISK]
    assert effect("main", "spare") == [Effect.DOWN]


def test_ten_levels_with_a_cycle_are_judged_in_two_statements() -> None:
    network = Network()
    network.item("voice", service=True)
    for level in range(9):
        network.relate(f"n{level + 1}", f"n{level}")
    network.relate("voice", "n9")
    network.relate("n2", "n9")

    with CaptureQueriesContext(connection) as asked:
        services = impact_of(ci_ids=[network.item("n0").pk]).services

    assert len(asked) == 2
    assert [len(s.path) for s in services] == [11]
    assert [s.effect for s in services] == [Effect.DOWN]
