"""Ada shapes the CMDB in admin."""

from types import SimpleNamespace

import pytest
from django.test import Client

from cmdb.models import CIClass, CIRelation, ConfigurationItem

pytestmark = pytest.mark.django_db
ITEMS = "/admin/cmdb/configurationitem/"
NO_INLINES = {
    f"{prefix}-{name}": "0"
    for prefix in ("child_relations", "parent_relations")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def test_adding_an_item_starts_with_its_class(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    page = admin_client.get(f"{ITEMS}add/").content.decode()

    assert '?ci_class=cmdb_ci_sdwan_port"' in page
    assert "attribute_mtu" not in page


def test_the_form_asks_for_own_and_inherited_attributes(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    page = admin_client.get(f"{ITEMS}add/?ci_class=cmdb_ci_sdwan_port").content.decode()

    assert "attribute_mtu" in page  # the class's own
    assert "attribute_serial_number" in page  # of its parent's parent


def test_an_item_is_saved_with_its_attributes(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    values = {"name": "ge0/7", "status": "operational", "domain": "1", "attribute_mtu": "1500"}
    admin_client.post(f"{ITEMS}add/?ci_class=cmdb_ci_sdwan_port", {**values, **NO_INLINES})

    port = ConfigurationItem.objects.get(name="ge0/7")
    assert (port.ci_class.name, port.attributes) == ("cmdb_ci_sdwan_port", {"mtu": 1500})


def test_a_bad_attribute_is_shown_at_its_field(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    values = {"name": "ge0/7", "status": "operational", "domain": "1"}
    bad = {**values, **NO_INLINES, "attribute_system_ip": "10.0.0"}
    page = admin_client.post(f"{ITEMS}add/?ci_class=cmdb_ci_sdwan_edge", bad)

    assert "is not an IP address" in page.content.decode()
    assert not ConfigurationItem.objects.filter(name="ge0/7").exists()


def test_an_item_shows_whom_a_fault_hits_and_why(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    page = admin_client.get(f"{ITEMS}{topology.controller.pk}/change/").content.decode()

    assert "vManage_10001 → vEdge_21 → Service 1" in page
    assert "Account 5" in page


def test_a_relation_added_beside_an_item_belongs_to_the_items_domain(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    item = topology.lonely_item
    relation = {
        "child_relations-TOTAL_FORMS": "1",
        "child_relations-0-parent": item.pk,
        "child_relations-0-child": topology.controller.pk,
        "child_relations-0-type": topology.edge.child_relations.get().type_id,
    }
    values = {"name": item.name, "status": item.status, "domain": "1", **NO_INLINES, **relation}
    admin_client.post(f"{ITEMS}{item.pk}/change/", values)

    assert CIRelation.objects.get(parent=item).domain_id == item.domain_id


def test_the_class_filter_includes_the_classes_below(
    topology: SimpleNamespace, admin_client: Client
) -> None:
    page = admin_client.get(f"{ITEMS}?of_class=cmdb_ci_netgear").content.decode()

    assert "vEdge_21" in page
    assert "vManage_10001" not in page.split('id="result_list"')[1]


@pytest.mark.parametrize("words", ["vManage", "b1a7c0de-0001"])
def test_search_finds_names_and_external_ids(
    topology: SimpleNamespace, admin_client: Client, words: str
) -> None:
    page = admin_client.get(f"{ITEMS}?q={words}").content.decode()
    results = page.split('id="result_list"')[1]

    assert "vManage_10001" in results
    assert "vEdge_99" not in results


def test_a_sixth_class_is_offered_at_once(topology: SimpleNamespace, admin_client: Client) -> None:
    gear = CIClass.objects.get(name="cmdb_ci_netgear")
    values = {
        "name": "cmdb_ci_firewall",
        "label": "Firewall",
        "parent": gear.pk,
        "aliases": "[]",
        "icon": "shield",
        "rank": "20",
        "attributes": '[{"name": "throughput", "label": "Throughput", "kind": "int"}]',
    }
    admin_client.post("/admin/cmdb/ciclass/add/", values)

    assert "?ci_class=cmdb_ci_firewall" in admin_client.get(f"{ITEMS}add/").content.decode()
    form = admin_client.get(f"{ITEMS}add/?ci_class=cmdb_ci_firewall").content.decode()
    assert "attribute_throughput" in form
    assert "attribute_serial_number" in form


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("attributes", '[{"name": "x", "kind": "colour"}]', "is not one of"),
        ("parent", "itself", "below itself"),
    ],
)
def test_a_broken_class_is_refused(
    topology: SimpleNamespace, admin_client: Client, field: str, value: str, complaint: str
) -> None:
    gear = CIClass.objects.get(name="cmdb_ci_netgear")
    values = {"name": gear.name, "label": gear.label, "parent": "", "aliases": "[]"}
    values |= {"icon": "box", "rank": "1", "attributes": "[]"}
    values[field] = str(gear.pk) if value == "itself" else value
    page = admin_client.post(f"/admin/cmdb/ciclass/{gear.pk}/change/", values)

    assert complaint in page.content.decode()
