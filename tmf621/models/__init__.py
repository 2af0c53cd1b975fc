"""Tables of the trouble ticket API."""

from tmf621.models.documents import ExtensionAttribute, TicketDocument
from tmf621.models.facts import AttachmentContent, StatusChange, TicketFacts
from tmf621.models.retries import KeptAnswer
from tmf621.models.specifications import TicketSpecification
from tmf621.models.transitions import StatusTransition

__all__ = [
    "AttachmentContent",
    "ExtensionAttribute",
    "KeptAnswer",
    "StatusChange",
    "StatusTransition",
    "TicketDocument",
    "TicketFacts",
    "TicketSpecification",
]
