"""Canonical tickets in ServiceNow's dialect, and back (S8)."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Priority
from tests.tmf621.faces.published import RESOURCES, example
from tmf621.faces import servicenow
from tmf621.faces.servicenow import lower, lower_create, lower_filter, show
from tmf621.mapping import Kind, Status, priority_words
from tmf621.patches import MERGE, apply, changes
from tmf621.refusals import BadDocument, BadMember, MissingMember
from tmf621.v4 import read_create

CANONICAL = example("v4-ticket.response")
MINIMAL = {"description": "Link down", "severity": 2}


def test_a_ticket_is_shown_with_the_fourteen_attributes() -> None:
    shown = show(CANONICAL)
    assert tuple(sorted(shown)) == tuple(sorted(servicenow.ATTRIBUTES))
    assert len(shown) == 14
    ticket_id = CANONICAL["id"]
    assert {name: shown[name] for name in ("href", "severity", "status", "ticketType")} == {
        "href": f"/api/sn_ind_tsm_sdwan/ticket/troubleTicket/{ticket_id}",
        "severity": "1 - Critical",
        "status": "New",
        "ticketType": "Incident",
    }
    assert shown["creationDate"] == shown["note"][0]["date"] == "2024-02-24 08:32:52"
    assert [item["href"] for item in shown["relatedEntity"]] == ["", ""]


@given(RESOURCES)
def test_what_the_dialect_has_comes_back(resource: dict[str, Any]) -> None:
    before = deepcopy(resource)
    lowered = lower(show(resource))
    assert resource == before
    translated = {"href", "severity", "status", "ticketType", "creationDate", "lastUpdate"}
    translated |= {"note", "relatedEntity"}
    for name in set(servicenow.ATTRIBUTES) & resource.keys() - translated:
        assert lowered[name] == resource[name]
    assert [note["text"] for note in lowered["note"]] == [n["text"] for n in resource["note"]]
    assert [entity["id"] for entity in lowered["relatedEntity"]] == [
        entity["id"] for entity in resource["relatedEntity"]
    ]


@given(RESOURCES)
def test_repeating_what_is_shown_changes_nothing(resource: dict[str, Any]) -> None:
    shown = show(resource)
    assert lower(changes(shown, apply(MERGE, shown, deepcopy(shown)))) == {}


@pytest.mark.parametrize(
    ("status", "incident", "case"),
    [
        (Status.ACKNOWLEDGED, "New", "New"),
        (Status.IN_PROGRESS, "In Progress", "Open"),
        (Status.PENDING, "On Hold", "Awaiting Info"),
        (Status.RESOLVED, "Resolved", "Resolved"),
        (Status.CLOSED, "Closed", "Closed"),
        (Status.CANCELLED, "Canceled", "Cancelled"),
        (Status.REJECTED, "Canceled", "Cancelled"),
    ],
)
def test_a_status_is_shown_as_the_states_label(status: str, incident: str, case: str) -> None:
    assert show({"ticketType": "complaint", "status": status})["status"] == incident
    assert show({"ticketType": "case", "status": status})["status"] == case
    assert status in lower_filter("status", [incident])[1]
    assert status in lower_filter("status", [case])[1]


@pytest.mark.parametrize("priority", Priority)
def test_severities_are_told_as_the_priorities_are_labelled(priority: Priority) -> None:
    label = servicenow.severity_label(str(priority.value))
    assert label == priority_words(priority.label)
    assert lower({"severity": label}) == lower({"severity": priority.value})
    assert lower_filter("severity", [label]) == ("priority", [str(priority.value)])


@pytest.mark.parametrize("severity", ["9", 9, "", 1.5, True, [], {}, "foo"])
def test_a_severity_nobody_knows_is_low(severity: Any) -> None:
    assert lower_create({**MINIMAL, "severity": severity})["severity"] == "4"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("Case", Kind.CASE),
        ("incident", Kind.INCIDENT),
        ("SERVICE PROBLEM CASE", Kind.CASE),
        (None, Kind.INCIDENT),
    ],
)
def test_a_ticket_type_names_a_kind_of_record(sent: str | None, kind: Kind) -> None:
    lowered = lower_create({**MINIMAL, "ticketType": sent})
    assert lowered["ticketType"] == kind
    assert show(lowered)["ticketType"] == kind.value.capitalize()


@pytest.mark.parametrize("sent", ["complaint", "", 7, ["Case"]])
def test_other_ticket_types_are_refused(sent: Any) -> None:
    with pytest.raises(BadMember, match="ticketType: this must be Case, Incident or Service"):
        lower({"ticketType": sent})


@pytest.mark.parametrize("name", ["description", "severity"])
def test_a_create_needs_description_and_severity(name: str) -> None:
    body = {key: value for key, value in MINIMAL.items() if key != name}
    with pytest.raises(MissingMember, match=f"{name}: this field is required"):
        lower_create(body)
    with pytest.raises(MissingMember, match=f"{name}: this field is required"):
        lower_create({**MINIMAL, name: None})


def test_a_patch_needs_nothing_and_a_body_must_be_an_object() -> None:
    assert lower({}) == {}
    with pytest.raises(BadDocument):
        lower([])


def test_a_create_is_read_into_a_draft() -> None:
    body = {
        **MINIMAL,
        "status": "foo",
        "creationDate": "2023-01-19 22:39:28",
        "channel": {"name": "Phone"},
        "note": [{"text": "inside", "@type": "work_notes", "date": "2023-01-19 22:39:28"}],
        "relatedEntity": [{"id": "7", "@referredType": "cmdb_ci", "href": ""}],
        "relatedParty": [{"id": "ACC1", "@referredType": "customer"}],
        "characteristic": [{"name": "category", "value": "SD-WAN"}],
    }
    before = deepcopy(body)
    draft = read_create(lower_create(body))
    assert (draft.status, draft.severity, draft.ticket_type) == ("foo", "2", "incident")
    assert [(note.text, note.private) for note in draft.notes] == [("inside", True)]
    assert draft.category == "SD-WAN"
    assert draft.extra["relatedEntity"] == [{"id": "7", "@referredType": "cmdb_ci"}]
    assert body == before


@pytest.mark.parametrize(
    ("name", "values", "canonical"),
    [
        ("status", ["On Hold"], ("status", ["pending", "held"])),
        ("status", ["Canceled", "3"], ("status", ["cancelled", "rejected", "3"])),
        ("status", ["foo"], ("status", ["foo"])),
        ("severity", ["2", "1 - Critical"], ("priority", ["2", "1"])),
        ("ticketType", ["Service Problem Case"], ("ticketType", ["case"])),
        ("ticketType", ["Incident", "x"], ("ticketType", ["incident", "x"])),
        ("id", ["7"], ("id", ["7"])),
    ],
)
def test_filters_speak_the_dialect(name: str, values: list[str], canonical: Any) -> None:
    assert name in servicenow.QUERY_PARAMETERS
    assert lower_filter(name, values) == canonical


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "x", "0001-01-01T00:00:00+05:00"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["date", "href", "text"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*servicenow.ATTRIBUTES, "priority"]), JUNK, max_size=5))
def test_junk_is_translated_or_refused(body: dict[str, Any]) -> None:
    assert show(body).keys() <= set(servicenow.ATTRIBUTES)
    with suppress(BadMember):
        assert lower(body).keys() == body.keys()
