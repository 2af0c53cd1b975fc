"""What the operations mean, in sentences."""

from tmf621.description.subjects import Offered, Subject

HOW_TO_FILTER = (
    "Ends of names compare: `creationDate.gte=2024-02-24T00:00:00Z`, also `.gt`, `.lt`, `.lte`, "
    "`.eq` and `.regex`; so do signs: `creationDate>2024-02-24T00:00:00Z`. An unknown attribute is "
    "a 400. `Link` names the other pages. `offset` counts; cursors (`after`, `before`) stay true "
    "while resources come and go."
)
TICKET_FILTERS = (
    "Every attribute filters, also inside objects and arrays: `status=acknowledged,held` takes "
    "either, `relatedEntity.id=b1a7c0de-0001` looks into the array, and several filters must all "
    f"hold. {HOW_TO_FILTER}"
)
SPECIFICATION_FILTERS = (
    "Every attribute filters, also inside objects and arrays: `lifecycleStatus=active,retired` "
    "takes either, `specCharacteristic.name=severity` looks into the array, and several filters "
    f"must all hold. {HOW_TO_FILTER}"
)
FEW_FILTERS = (
    "Filters are `id`, `severity`, `status` and `ticketType`; several must all hold, and other "
    "parameters are passed over. Labels and values of states and priorities are understood; a "
    "status psew does not know is a 400."
)
UNKNOWN = (
    "What psew does not recognise refuses nothing: it is echoed, and a note on the record says "
    "what was not found. A status psew does not know starts as acknowledged."
)
REPEATS = (
    "An external id of which the client has an open ticket already is answered by 409 with the "
    "address of that ticket in `Location`, or, where the site is set so, by 200 with the ticket."
)
CREATES = (
    "The ticket becomes an incident, or a case where its `ticketType` is `Case`. "
    f"{UNKNOWN} {REPEATS}"
)
FEW_CREATES = (
    "The ticket becomes an incident, or a case where its `ticketType` is `Case` or "
    "`Service Problem Case`; any other type than these and `Incident` is a 400. Severities psew "
    "does not know are Low, states it does not know start as New, and a note on the record says "
    f"which items were not found. {REPEATS}"
)
SPECIFIES = (
    "Tickets that name the specification must then have the characteristics it demands with a "
    "`minCardinality` of 1 or more."
)
HOW_TO_PATCH = (
    "`application/json` and `application/merge-patch+json` merge (RFC 7396): what is named is "
    "replaced, `null` removes. `application/json-patch+json` is RFC 6902, carried out whole or not "
    "at all. `application/json-patch-query+json` picks elements of arrays by their attributes. "
    "What the system sets may be repeated, not changed."
)
APPENDED = "Notes and attachments are only ever added."
FEW_CHANGES = (
    "What is named is replaced (RFC 7396), `null` removes; notes are only ever added. What the "
    "system sets may be repeated, not changed. A status psew does not know is a 400."
)


def about_listing(subject: Subject, offered: Offered) -> str:
    """Return what one may ask a list for."""
    if not subject.rich:
        return FEW_FILTERS
    return TICKET_FILTERS if offered.is_ticket else SPECIFICATION_FILTERS


def about_creating(subject: Subject, offered: Offered) -> str:
    """Return what becomes of a new resource."""
    if not offered.is_ticket:
        return f"{offered.right} {SPECIFIES}"
    return CREATES if subject.rich else FEW_CREATES


def about_changing(subject: Subject, offered: Offered) -> str:
    """Return what a patch may do."""
    if not offered.is_ticket:
        return f"{offered.right} {HOW_TO_PATCH}"
    return f"{HOW_TO_PATCH} {APPENDED}" if subject.rich else FEW_CHANGES
