"""Generated ticket bodies that the published schemas allow and psew takes."""

from typing import Any

from hypothesis import strategies as st

Body = dict[str, Any]
Bodies = st.SearchStrategy[Body]

# Everything but NUL and lone surrogates, which no database text holds.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS, min_size=1, max_size=60).filter(str.strip)
# What journals keep of a note has no blanks around it.
NOTES = TEXTS.map(str.strip)
SHORT = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)
MOMENTS = (
    st.datetimes().filter(lambda at: 1970 < at.year < 2199).map("{:%Y-%m-%dT%H:%M:%SZ}".format)
)
PLAIN = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | SHORT
VALUES = st.recursive(
    SHORT | st.integers(-99, 99),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=5,
)
HREFS = st.sampled_from(["https://ems.example/a/1", "urn:x:1"])
ORDINARY: dict[str, Any] = {
    "name": TEXTS,
    "requestedResolutionDate": MOMENTS,
    "expectedResolutionDate": MOMENTS,
    "@baseType": SHORT,
    "@schemaLocation": HREFS,
}
REQUIRED: dict[str, Any] = {"description": TEXTS, "severity": SHORT, "ticketType": SHORT}


def _items(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[list[Body]]:
    # Empty arrays of attachments and characteristics are told as none at all.
    return st.lists(
        st.fixed_dictionaries(required, optional=optional),
        min_size=1,
        max_size=3,
        unique_by=lambda item: str(item.get("id") or item),
    )


def v4_bodies() -> Bodies:
    """Return create requests of v4, extension attributes among them."""
    entity = {"id": SHORT, "role": SHORT, "@referredType": SHORT}
    optional = {
        **ORDINARY,
        "@type": SHORT,
        "channel": st.fixed_dictionaries({"id": SHORT}, optional={"name": SHORT, "href": HREFS}),
        "note": _items({"text": NOTES, "@type": st.just("comments")}, author=SHORT),
        "relatedEntity": _items(entity, name=SHORT, href=HREFS),
        "relatedParty": _items({"id": SHORT, "@referredType": SHORT}, role=SHORT, name=SHORT),
        "attachment": _items({"attachmentType": SHORT, "mimeType": SHORT}, name=TEXTS, url=HREFS),
        "troubleTicketRelationship": _items({"id": SHORT, "relationshipType": SHORT}, name=SHORT),
        "category": SHORT,
        "subCategory": SHORT,
        "x-own": VALUES,
        "ownThings": st.lists(VALUES, max_size=2),
    }
    return st.fixed_dictionaries(REQUIRED, optional=optional)


def v5_bodies() -> Bodies:
    """Return create requests of v5 with every sub-object it types."""
    ref = {"@type": st.just("EntityRef"), "id": SHORT}
    entity = st.fixed_dictionaries(ref, optional={"name": SHORT, "@referredType": SHORT})
    party = st.fixed_dictionaries(
        {"@type": st.sampled_from(["PartyRef", "PartyRoleRef"]), "id": SHORT},
        optional={"name": SHORT, "@referredType": SHORT},
    )
    optional = {
        **ORDINARY,
        "channel": st.fixed_dictionaries(
            {"@type": st.just("ChannelRef"), "id": SHORT}, optional={"name": SHORT}
        ),
        "note": _items({"@type": st.just("Note"), "text": NOTES}, author=SHORT),
        "relatedEntity": _nested("RelatedEntity", entity=entity),
        "relatedParty": _nested("RelatedPartyRefOrPartyRoleRef", partyOrPartyRole=party),
        "attachment": _items(
            {"@type": st.just("Attachment"), "attachmentType": SHORT, "mimeType": SHORT},
            name=TEXTS,
            url=HREFS,
        ),
        "troubleTicketRelationship": _items(
            {"@type": st.just("TroubleTicketRelationship"), "id": SHORT, "relationshipType": SHORT}
        ),
        "troubleTicketCharacteristic": st.lists(_characteristics(), min_size=1, max_size=3),
        "troubleTicketSpecification": st.fixed_dictionaries(
            {"@type": st.just("TroubleTicketSpecificationRef"), "id": SHORT}
        ),
    }
    typed = {"@type": st.just("TroubleTicket"), **REQUIRED}
    return st.fixed_dictionaries(typed, optional=optional)


def _nested(kind: str, **inside: Any) -> st.SearchStrategy[list[Body]]:
    [member] = inside
    return st.lists(
        st.fixed_dictionaries({"@type": st.just(kind), "role": SHORT, **inside}),
        max_size=3,
        unique_by=lambda item: str(item[member]["id"]),
    )


def _characteristics() -> Bodies:
    kinds = {
        "String": SHORT,
        "Boolean": st.booleans(),
        "Integer": st.integers(-(10**15), 10**15),
        "StringArray": st.lists(SHORT, max_size=3),
        "Object": st.dictionaries(SHORT, PLAIN, max_size=2),
    }
    one_of = [
        st.fixed_dictionaries(
            {"@type": st.just(f"{kind}Characteristic"), "name": SHORT, "value": values},
            optional={"id": SHORT},
        )
        for kind, values in kinds.items()
    ]
    return st.one_of(one_of)
