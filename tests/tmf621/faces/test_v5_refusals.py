"""What v5 alone has is refused in v5's words; the rest is the canonical reader's business."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmf621.faces import v5
from tmf621.refusals import BadDocument, BadMember, MissingMember, Refusal


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        ([], BadDocument, "The body must be a JSON object."),
        ({"externalIdentifier": {}}, BadMember, "externalIdentifier: this must be an array"),
        ({"externalIdentifier": [{}]}, MissingMember, "externalIdentifier.id: this field is req"),
        ({"externalIdentifier": [{"id": 7}]}, BadMember, "externalIdentifier.id: this must be"),
        ({"relatedEntity": [{"role": "x"}]}, MissingMember, "relatedEntity.entity: this field"),
        ({"relatedEntity": [{"entity": 7}]}, BadMember, "relatedEntity.entity: this must be an"),
        (
            {"relatedParty": [{"partyOrPartyRole": {}}]},
            MissingMember,
            "relatedParty.partyOrPartyRole.id: this field is required.",
        ),
        ({"troubleTicketCharacteristic": [7]}, BadMember, "troubleTicketCharacteristic: this must"),
        (
            {"troubleTicketCharacteristic": [{"@type": "StringCharacteristic", "value": 1}]},
            BadMember,
            "troubleTicketCharacteristic.value: this does not fit the type StringCharacteristic.",
        ),
    ],
)
def test_what_only_v5_has_is_refused_in_v5s_words(body: Any, kind: Any, sentence: str) -> None:
    with pytest.raises(kind) as caught:
        v5.lower(body)
    assert caught.value.message.startswith(sentence)


def test_a_create_needs_its_type() -> None:
    with pytest.raises(MissingMember, match="@type: this field is required"):
        v5.lower_create({"description": "x", "severity": "2", "ticketType": "incident"})


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "category", "StringCharacteristic"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["id", "entity", "@type", "@relation", "name", "value", "href", "role"]
            ),
            inner,
            max_size=3,
        )
    ),
)
NAMES = st.sampled_from(
    [*v5._SHOW, *v5._LOWER, "externalIdentifier", "externalId", "category", "href"]
    + ["troubleTicketCharacteristic"]
)


@given(st.dictionaries(NAMES, JUNK, max_size=4))
def test_junk_is_translated_or_refused(body: dict[str, Any]) -> None:
    assert isinstance(v5.show(body), dict)
    with suppress(Refusal):
        assert isinstance(v5.show(v5.lower(body)), dict)
