"""Add attachments to a ticket; like notes they are only ever added (MEF 124)."""

import uuid
from typing import Any

from tmf621.errors import BadAttribute
from tmf621.models import AttachmentContent, TicketFacts

MOST = 100


def add_attachments(facts: TicketFacts, sent: list[dict[str, Any]]) -> bool:
    """Add those whose id is not known yet; the caller saves `facts`. Return whether there were any.

    Embedded content goes to a table of its own. Errors: `BadAttribute` above 100 attachments.
    """
    known: list[dict[str, Any]] = facts.extra.get("attachment", [])
    ids = {attachment["id"] for attachment in known}
    fresh = [{**each, "id": each.get("id") or str(uuid.uuid4())} for each in sent]
    fresh = [each for each in fresh if each["id"] not in ids]
    if len(known) + len(fresh) > MOST:
        raise BadAttribute(f"attachment: a ticket holds at most {MOST}.")
    contents = {each["id"]: each.pop("content") for each in fresh if each.get("content")}
    AttachmentContent.objects.bulk_create(
        [
            AttachmentContent(facts=facts, attachment=key, content=content)
            for key, content in contents.items()
        ],
        ignore_conflicts=True,
    )
    if fresh:
        facts.extra = {**facts.extra, "attachment": [*known, *fresh]}
    return bool(fresh)
