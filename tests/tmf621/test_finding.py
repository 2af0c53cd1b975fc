"""Otto finds tickets by anything they tell."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Account
from cmdb.models import ConfigurationItem
from core.actor import SYSTEM
from core.models import Domain
from incidents.actions import add_comment, add_work_note
from incidents.models import Incident
from tests.conformance.faces import V5, Speaker
from tests.tmf621.conftest import Api, incident_of
from tmf621.documents import tell_all, tell_missing
from tmf621.filtering import matches, normalised, read_query
from tmf621.models import TicketDocument

RICH = {
    "name": "rich",
    "externalId": "ems:7",
    "relatedParty": [{"id": "ACC0000021", "role": "customer", "@referredType": "Organization"}],
    "note": [
        {"text": "Fibre cut at km 12", "author": "ems-1"},
        {"text": "hush", "@type": "work_notes"},
    ],
    "attachment": [
        {"name": "trace.txt", "mimeType": "text/plain", "size": {"amount": 3, "units": "kB"}},
        {"name": "photo.png", "mimeType": "image/png", "url": "https://files.example/1"},
    ],
    "troubleTicketRelationship": [{"id": "PRB-1", "relationshipType": "isCausedBy"}],
    "expectedResolutionDate": "2026-03-01T12:00:00+02:00",
    "site": {"city": "Berlin", "rack": 12, "lit": True},
    "troubleTicketCharacteristic": [{"name": "vlan", "value": 300}],
}


@pytest.fixture
def rich(otto: Api, controller: ConfigurationItem, funco: Account) -> dict[str, Any]:
    otto.open(name="plain")
    entity = {"id": controller.name, "role": "affectedCI", "@referredType": "cmdb_ci"}
    return otto.open(**RICH, relatedEntity=[entity], category="SD WAN", severity="1")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("relatedParty.name=Funco Intl", True),
        ("relatedParty.role=customer&relatedParty.id=ACC0000021", True),
        ("relatedEntity.role=affectedCI", True),
        ("note.text.regex=km [0-9]%2B", True),
        ("note.text*=cut", True),
        ("note.text=hush", False),
        ("attachment.mimeType=image/png", True),
        ("attachment.size.amount.gt=2", True),
        ("attachment.size.amount>=4", False),
        ("troubleTicketRelationship.relationshipType=isCausedBy", True),
        ("expectedResolutionDate=2026-03-01T10:00:00Z", True),
        ("expectedResolutionDate.lt=2026-03-01T10:00:00Z", False),
        ("site.city=Berlin,Bonn", True),
        ("site.rack=12", True),
        ("site.lit=true", True),
        ("troubleTicketCharacteristic.value=300", True),
        ("statusChange.status=acknowledged&name=rich", True),
        ("category=sd_wan", True),
        ("category=SD-WAN", True),
        ("category=SD WAN", True),
        ("externalIdentifier.id=ems:7", True),
        ("filter=attachment[?(@.name=='photo.png' && @.mimeType=='image/png')]", True),
        ("filter=attachment[?(@.name=='photo.png' && @.mimeType=='text/plain')]", False),
        ("filter=attachment[?(@.url)]", True),
        ("filter=$[?(@.severity=='1' || @.severity=='2')]&name=rich", True),
        ("number.regex=^INC", None),
        ("stage=Triage", False),
    ],
)
def test_any_attribute_finds(otto: Api, rich: Any, query: str, found: bool | None) -> None:
    answer = otto.get("?" + query.replace(" ", "%20").replace("&&", "%26%26"))
    assert answer.status_code == 200, answer.json()
    names = [ticket["name"] for ticket in answer.json()]
    expected = {True: ["rich"], False: [], None: ["rich", "plain"]}[found]
    assert names == expected


def test_what_is_found_is_what_is_told(otto: Api, rich: dict[str, Any]) -> None:
    """The document that filters search holds what the answer tells, nothing else."""
    told = TicketDocument.objects.get(uid=rich["id"]).told
    for path, value in _leaves(normalised(rich)):
        if path not in ("href",) and "href" not in path and not path.startswith("category"):
            query = read_query([(path, f'"{value}"')], reserved=())
            assert matches(query, told), (path, value)
    assert "hush" not in str(told)


def _leaves(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item, path)]
    if isinstance(value, dict):
        named = [(f"{path}.{name}".lstrip("."), item) for name, item in value.items()]
        return [leaf for name, item in named for leaf in _leaves(item, name)]
    return [(path, str(value).lower() if isinstance(value, bool) else str(value))]


def test_only_known_attributes_are_asked_for(otto: Api, make_client: Callable[..., Api]) -> None:
    otto.open(site="Berlin")
    assert len(otto.get("?site=Berlin").json()) == 1
    answer = otto.get("?sight=Berlin")
    assert (answer.status_code, answer.json()["code"]) == (400, "28")
    elsewhere = Domain.objects.create(name="B", parent_id=1)
    assert make_client("bert", domain=elsewhere).get("?site=Berlin").status_code == 400


def test_later_words_are_found_and_private_ones_never(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    pk = incident_of(ticket).pk
    add_comment(incident_id=pk, text="repaired", by=SYSTEM, now=now)
    add_work_note(incident_id=pk, text="by Joe", by=SYSTEM, now=now)
    assert len(otto.get("?note.text=repaired").json()) == 1
    assert otto.get("?note.text=by%20Joe").json() == []


def test_bulk_loaded_records_are_told_later(otto: Api) -> None:
    Incident.objects.create(number="INC0099999", short_description="Loaded", priority=2)
    assert otto.get().json() == []
    assert (tell_missing(), tell_missing()) == (1, 0)
    assert [ticket["name"] for ticket in otto.get().json()] == ["Loaded"]


def test_new_names_are_found_after_telling_again(
    otto: Api, rich: dict[str, Any], funco: Account
) -> None:
    Account.objects.filter(pk=funco.pk).update(name="Renamed")
    assert otto.get("?relatedParty.name=Renamed").json() == []
    assert tell_all() == 2
    assert len(otto.get("?relatedParty.name=Renamed").json()) == 1


def test_fields_reach_into_objects_and_arrays(otto: Api, rich: dict[str, Any]) -> None:
    told = otto.get(f"/{rich['id']}?fields=note.text,channel.id,attachment.size.amount,site").json()
    assert told == {
        "note": [{"text": "Fibre cut at km 12"}],
        "channel": {"id": "monitoring"},
        "attachment": [{"size": {"amount": 3}}, {}],
        "site": RICH["site"],
    }
    both = otto.get(f"/{rich['id']}?fields=note.text,note").json()
    assert both == {"note": rich["note"]}
    assert otto.get("?fields=" + ",".join(f"a{n}" for n in range(60))).status_code == 400


def test_v5_types_every_part_it_tells(speak: Callable[..., Speaker]) -> None:
    fms = speak(V5)
    ticket = fms.open(note=[{"@type": "Note", "text": "hi"}], **{"@type": ""})
    assert ticket["@type"] == "TroubleTicket"
    told = fms.get(f"/{ticket['id']}?fields=note.text").json()
    assert set(told) == {"id", "href", "@type", "note"}
    assert told["note"] == [{"@type": "Note", "text": "hi"}]


def test_a_ticket_is_found_by_its_address(otto: Api) -> None:
    ticket = otto.open()
    otto.open()
    assert otto.get(f"?href={ticket['href']}").json() == [ticket]
    assert otto.get("?href=https://elsewhere.example/1").json() == []


def test_v5_finds_the_category_among_the_characteristics(speak: Any) -> None:
    item = {"@type": "StringCharacteristic", "name": "category", "value": "SD-WAN"}
    ticket = speak(V5).open(troubleTicketCharacteristic=[{**item, "valueType": "string"}])
    speak(V5).open()
    name = "troubleTicketCharacteristic"
    for query in (f"{name}.name=category", f"filter={name}[?(@.value=='SD-WAN')]"):
        assert [t["id"] for t in speak(V5).get(f"?{query}").json()] == [ticket["id"]]
    assert speak(V5).get(f"?{name}.value=nothing").json() == []
