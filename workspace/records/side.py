"""What stands beside a record: what the client sent along, and who follows it."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.models import User
from incidents.models import Incident
from tmf621.models import AttachmentContent, TicketFacts

# Anything else in a client's address would run in the reader's browser or lead nowhere.
LINKED = ("http", "https")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment of a trouble ticket; `url` is empty where there is nothing to open."""

    id: str
    name: str
    detail: str
    url: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class Side:
    """The client and its words, and the people."""

    client: str
    external_id: str
    attachments: list[Attachment]
    watchers: list[User]
    watching: bool


def side_of(incident: Incident, user: User) -> Side:
    """Return what the side panel shows; three statements."""
    facts = TicketFacts.objects.filter(incident=incident).select_related("client").first()
    watchers = list(incident.watch_list.order_by("username"))
    return Side(
        client=str(facts.client) if facts and facts.client else "",
        external_id=facts.external_id if facts else "",
        attachments=_attachments(facts) if facts else [],
        watchers=watchers,
        watching=user in watchers,
    )


def content_of(incident: Incident, attachment_id: str) -> bytes | None:
    """Return the embedded content of an attachment; None where there is none that can be read."""
    rows = AttachmentContent.objects.filter(
        facts__in=TicketFacts.objects.filter(incident=incident), attachment=attachment_id
    )
    row = rows.first()
    try:
        return base64.b64decode(row.content, validate=True) if row else None
    except (binascii.Error, ValueError):
        return None


def _attachments(facts: TicketFacts) -> list[Attachment]:
    sent: list[dict[str, Any]] = facts.extra.get("attachment", [])
    if not sent:
        return []
    embedded = set(facts.contents.values_list("attachment", flat=True))
    return [_attachment(each, embedded) for each in sent]


def _attachment(sent: dict[str, Any], embedded: set[str]) -> Attachment:
    key, url = str(sent.get("id", "")), str(sent.get("url", ""))
    name = sent.get("name") or sent.get("description") or url.rpartition("/")[2] or key
    size = sent.get("size")
    told = f"{size.get('amount')} {size.get('units', '')}" if isinstance(size, dict) else ""
    parts = (sent.get("attachmentType"), sent.get("mimeType"), told.strip())
    return Attachment(
        id=key,
        name=str(name),
        detail=", ".join(str(part) for part in parts if part),
        url=url if _leads_somewhere(url) else "",
        embedded=key in embedded,
    )


def _leads_somewhere(url: str) -> bool:
    try:
        return urlsplit(url).scheme in LINKED
    except ValueError:
        return False
