"""Search: numbers first, then words; only what one may see; by an index."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import Account, Contact
from core.models import Domain, User
from core.scope import use_scope
from core.text_search import holding
from incidents.models import Incident
from workspace.search import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(people: Any, now: Any) -> Any:
    def make(number: str, title: str, description: str = "") -> Incident:
        return Incident.objects.create(
            number=number, short_description=title, description=description, opened_at=now
        )

    return make


def _found(words: str, user: User) -> dict[str, list[str]]:
    return {
        group.source.title: [hit.number or hit.name for hit in group.hits]
        for group in find(words, user)
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("vManage", True),
        ("MANAGE_100", True),
        ("fail vman", True),
        ("rebooting the contr", True),
        ("controller twice", True),
        ("controller thrice", False),
        ("boot", False),  # a part of a word is looked for in titles only
        ("%", False),
        ("' OR 1=1 --", False),
        ("\0", False),
        ("(vManage & !", True),
        ("\\", False),
    ],
)
def test_words_are_found_in_part_and_whole(
    people: Any, fault: Any, words: str, found: bool
) -> None:
    fault("INC7000001", "vManage_10001 failed", "After rebooting the controller twice.")
    fault("INC7000002", "Something else")
    assert _found(words, people.nadia).get("Incidents", []) == ["INC7000001"] * found


def test_numbers_come_first_and_one_number_opens_its_record(
    people: Any, fault: Any, client_as: Any
) -> None:
    fault("INC7000001", "about INC7000002")
    fault("INC7000002", "the other")
    assert _found("inc700", people.nadia) == {"Incidents": ["INC7000001", "INC7000002"]}
    assert _found("INC7000002", people.nadia) == {"Incidents": ["INC7000002"]}
    assert _found("INC9", people.nadia) == {}
    answer = client_as(people.nadia).get("/search?q=%20inc7000002")
    assert answer["Location"] == "/incidents/INC7000002/"


def test_customers_people_and_devices_are_found(people: Any, topology: Any, client_as: Any) -> None:
    Contact.objects.create(name="Zoë Ng", email="zoe@acme.example", account=topology.accounts[0])
    assert _found("account 3", people.ada)["Accounts"] == ["ACC3"]
    assert _found("zoe@acme.example", people.ada) == {"Contacts": ["Zoë Ng"]}
    assert _found("b1a7c0de", people.ada) == {"Configuration items": ["vManage_10001"]}
    [group] = client_as(people.ada).get("/search/suggest?q=vmanage").json()["groups"]
    [hit] = group["hits"]
    assert (group["title"], hit["name"]) == ("Configuration items", "vManage_10001")
    assert hit["url"] == f"/lists/incidents/?view=all&ci={topology.controller.uid}"


def test_many_hits_are_cut_and_lead_to_their_list(people: Any, fault: Any, client_as: Any) -> None:
    for n in range(12):
        fault(f"INC70000{n:02}", f"Loop {n}")
    page = client_as(people.nadia).get("/search?q=loop").content.decode()
    assert "10+" in page
    assert "/lists/incidents/?view=all&amp;q=loop" in page


def test_what_one_may_not_see_is_not_found(make_user: Any, people: Any, fault: Any) -> None:
    fault("INC7000001", "Secret loop")
    Account.objects.create(number="ACC77", name="Secret customer")
    assert _found("secret", make_user("nobody")) == {}
    elsewhere = Domain.objects.create(name="Elsewhere", parent_id=1)
    stranger = make_user("stranger", domain=elsewhere, is_superuser=True)
    with use_scope(stranger.domain.scope()):
        assert _found("secret", stranger) == {}
        assert _found("INC7000001", stranger) == {}
    assert set(_found("secret", people.ada)) == {"Incidents", "Accounts"}


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("zebra", "incidents_incident_short_description_parts"),
        ("zebra", "incidents_incident_words"),
    ],
)
def test_rare_words_are_looked_up_in_indexes(people: Any, now: Any, words: str, index: str) -> None:
    if connection.vendor != "postgresql":
        pytest.fail("this asks PostgreSQL's planner; run it on PostgreSQL")
    Incident.objects.bulk_create(
        Incident(
            number=f"INC{n}",
            short_description=f"Fault number {n} of a long night",
            description=f"lorem ipsum {n} dolor",
            domain_id=1,
            opened_at=now,
        )
        for n in range(5000)
    )
    with connection.cursor() as cursor:
        for name in ("incidents_incident_short_description_parts", "incidents_incident_words"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [name])
        cursor.execute("ANALYZE incidents_incident")
    rows = holding(
        Incident.objects.all(),
        words,
        titles=("short_description",),
        texts=("short_description", "description"),
    )
    assert index in rows.order_by()[:11].explain()
