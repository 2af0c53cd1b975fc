"""What each face offers: its addresses, its resources and what one may do with them."""

from dataclasses import dataclass

MERGE = "application/merge-patch+json"
JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
PATCH_QUERY = "application/json-patch-query+json"
ALL_PATCHES = (JSON, MERGE, JSON_PATCH, PATCH_QUERY)


@dataclass(frozen=True, slots=True)
class Scopes:
    """The OAuth scopes that let a client read, write and delete."""

    read: str
    write: str
    delete: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A resource of a face; `read`, `create` and `update` name its schemas."""

    noun: str
    words: str
    read: str
    create: str
    update: str
    scopes: Scopes
    patches: tuple[str, ...] = ALL_PATCHES
    # Whom it takes to change these, where not every client may; what deleting does.
    right: str = ""
    deletion: str = ""

    @property
    def path(self) -> str:
        return f"/{self.noun[0].lower()}{self.noun[1:]}"

    @property
    def is_ticket(self) -> bool:
        return self.noun == "TroubleTicket"


@dataclass(frozen=True, slots=True)
class Subject:
    """A face as its description tells it; `base` is the address before the resources."""

    name: str
    title: str
    version: str
    base: str
    summary: str
    resources: tuple[Offered, ...]
    rich: bool = True

    @property
    def collection(self) -> str:
        """Return the address tickets are posted to."""
        return self.base + self.resources[0].path


TICKETS = Scopes("tickets:read", "tickets:write", "tickets:delete")
SPECIFICATIONS = Scopes("tickets:read", "specifications:write", "specifications:write")
ADMINISTRATOR = "This takes the role `psew.ticket_admin`."
TICKET_DELETION = (
    f"{ADMINISTRATOR} An open record is cancelled. psew keeps the record; the API tells the ticket "
    "no more, and its external id is free again."
)
SPECIFICATION_DELETION = (
    f"{ADMINISTRATOR} While tickets name the specification this is a 409; retire it instead."
)

V4 = Subject(
    name="v4",
    title="TMF621 Trouble Ticket Management v4",
    version="4.0.0",
    base="/tmf-api/troubleTicket/v4",
    summary="Trouble tickets as TM Forum's TMF621 v4.0.0 describes them. A ticket becomes an "
    "incident, or a case where its `ticketType` is `Case`.",
    resources=(
        Offered(
            noun="TroubleTicket",
            words="trouble ticket",
            read="TroubleTicket",
            create="TroubleTicket_Create",
            update="TroubleTicket_Update",
            scopes=TICKETS,
            deletion=TICKET_DELETION,
        ),
    ),
)
V5 = Subject(
    name="v5",
    title="TMF621 Trouble Ticket Management v5",
    version="5.0.1",
    base="/tmf-api/troubleTicket/v5",
    summary="Trouble tickets as TM Forum's TMF621 v5.0.1 describes them: every object names its "
    "`@type` (a merge patch may leave it out), references are nested, and own data travels as "
    "characteristics.",
    resources=(
        Offered(
            noun="TroubleTicket",
            words="trouble ticket",
            read="TroubleTicket",
            create="TroubleTicket_FVO",
            update="TroubleTicket_MVO",
            scopes=TICKETS,
            deletion=TICKET_DELETION,
        ),
        Offered(
            noun="TroubleTicketSpecification",
            words="trouble ticket specification",
            read="TroubleTicketSpecification",
            create="TroubleTicketSpecification_FVO",
            update="TroubleTicketSpecification_MVO",
            scopes=SPECIFICATIONS,
            right=ADMINISTRATOR,
            deletion=SPECIFICATION_DELETION,
        ),
    ),
)
SERVICENOW = Subject(
    name="servicenow",
    title="Trouble Ticket Open API, as ServiceNow offers it",
    version="1.0.0",
    base="/api/sn_ind_tsm_sdwan/ticket",
    summary="Trouble tickets the way integrations with ServiceNow's Trouble Ticket Open API know "
    "them: fourteen attributes, states and priorities told by their labels.",
    resources=(
        Offered(
            noun="TroubleTicket",
            words="trouble ticket",
            read="TroubleTicket",
            create="TroubleTicket_Create",
            update="TroubleTicket_Update",
            scopes=TICKETS,
            patches=(JSON, MERGE),
        ),
    ),
    rich=False,
)
SUBJECTS = {subject.name: subject for subject in (V4, V5, SERVICENOW)}
