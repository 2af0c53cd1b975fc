"""What event types are called: TM Forum's names, and ServiceNow's for the same things (C.14)."""

CREATE = "TroubleTicketCreateEvent"
STATUS = "TroubleTicketStatusChangeEvent"
ATTRIBUTE = "TroubleTicketAttributeValueChangeEvent"
RESOLVED = "TroubleTicketResolvedEvent"
INFORMATION = "TroubleTicketInformationRequiredEvent"
DELETE = "TroubleTicketDeleteEvent"
CREATE_FOR_CASE = "TroubleTicketCreateEventForCase"

TOPIC_CREATE = "TopicCreateEvent"
TOPIC_CHANGE = "TopicChangeEvent"
TOPIC_DELETE = "TopicDeleteEvent"

_SERVICENOW = {ATTRIBUTE: "TroubleTicketAttributeChangeEvent"}


def servicenow_name(event_type: str, *, is_case: bool) -> str:
    """Return ServiceNow's name of an event type; what it does not know keeps its own."""
    if event_type == CREATE and is_case:
        return CREATE_FOR_CASE
    return _SERVICENOW.get(event_type, event_type)
