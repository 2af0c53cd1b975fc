"""The sub-objects v5 only types or renames: notes, channel, attachments, history, links."""

from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
# What a plain reference to an attachment has; anything more makes it the attachment itself.
_REFERENCE = frozenset({"id", "href", "name", "@referredType"})
_HISTORY = {"changeDate": "statusChangeDate", "changeReason": "statusChangeReason"}
_HISTORY_BACK = {ours: canonical for canonical, ours in _HISTORY.items()}


def each(items: Any, convert: Callable[[Item], Item]) -> Any:
    """Return an array with its objects converted; whatever is none stays for the reader."""
    if not isinstance(items, list):
        return items
    return [convert(item) if isinstance(item, dict) else item for item in items]


def typed(item: Item, usual: str) -> Item:
    """Return the item with the type v5 demands."""
    return {**item, "@type": item.get("@type") or usual}


def untyped(item: Item, usual: str) -> Item:
    """Return the item without a type that says no more than its place."""
    if item.get("@type") != usual:
        return item
    return {name: value for name, value in item.items() if name != "@type"}


def _typed_object(value: Any, usual: str) -> Any:
    return typed(value, usual) if isinstance(value, dict) else value


def _untyped_object(value: Any, usual: str) -> Any:
    return untyped(value, usual) if isinstance(value, dict) else value


def show_channel(channel: Any) -> Any:
    """Return the channel as a ChannelRef, which must have an id."""
    named = isinstance(channel, dict) and "id" not in channel and "name" in channel
    return _typed_object({**channel, "id": channel["name"]} if named else channel, "ChannelRef")


def lower_channel(channel: Any) -> Any:
    """Return the channel without its usual type."""
    return _untyped_object(channel, "ChannelRef")


def show_notes(notes: Any) -> Any:
    """Return the notes; what v4 marks as a comment is v5's plain Note."""
    return each(notes, lambda note: typed(untyped(note, "comments"), "Note"))


def lower_notes(notes: Any) -> Any:
    """Return the notes; other types than Note, such as work_notes, keep their meaning."""
    return each(notes, lambda note: {**note, "@type": "comments"} if _is_note(note) else note)


def _is_note(note: Item) -> bool:
    return note.get("@type") == "Note"


def show_attachments(attachments: Any) -> Any:
    """Return the attachments; those with contents of their own must say what these are."""
    return each(attachments, _show_attachment)


def lower_attachments(attachments: Any) -> Any:
    """Return the attachments without the types that follow from their members."""
    return each(attachments, lambda item: untyped(item, _attachment_type(item)))


def _show_attachment(item: Item) -> Item:
    told = typed(item, _attachment_type(item))
    if told["@type"] != "Attachment":
        return told
    return {"attachmentType": "unknown", "mimeType": "application/octet-stream", **told}


def _attachment_type(item: Item) -> str:
    return (
        "AttachmentRef" if "id" in item and item.keys() - {"@type"} <= _REFERENCE else "Attachment"
    )


def show_history(changes: Any) -> Any:
    """Return the status history under v5's names."""
    return each(changes, lambda change: typed(_renamed(change, _HISTORY), "StatusChange"))


def lower_history(changes: Any) -> Any:
    """Return the status history under v4's names."""
    return each(changes, lambda change: untyped(_renamed(change, _HISTORY_BACK), "StatusChange"))


def _renamed(item: Item, names: dict[str, str]) -> Item:
    return {names.get(name, name): value for name, value in item.items()}


def show_relationships(links: Any) -> Any:
    """Return the links to other tickets, each with the id v5 demands."""
    return each(links, _show_link)


def lower_relationships(links: Any) -> Any:
    """Return the links to other tickets without their usual type."""
    return each(links, lambda link: untyped(link, "TroubleTicketRelationship"))


def _show_link(link: Item) -> Item:
    named = str(link.get("href") or link.get("name") or "unknown")
    return typed({"id": named.rstrip("/").rpartition("/")[2], **link}, "TroubleTicketRelationship")


def show_specification(reference: Any) -> Any:
    """Return the reference to a ticket specification."""
    return _typed_object(reference, "TroubleTicketSpecificationRef")


def lower_specification(reference: Any) -> Any:
    """Return the reference to a ticket specification without its usual type."""
    return _untyped_object(reference, "TroubleTicketSpecificationRef")
