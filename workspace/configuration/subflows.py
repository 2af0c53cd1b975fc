"""Load messages and subflows with their steps (R43-R48, R74-R78)."""

from datetime import datetime

from core.models import AssignmentGroup
from escalation.composing import step_rows
from escalation.designs import Design, read_design, read_step
from escalation.models import Message, MessageVersion, Subflow, SubflowStep, SubflowVersion
from escalation.models.messages import hash_of
from workspace.configuration.shipped import (
    Entry,
    Loaded,
    create_missing,
    entries,
    folder,
    ids_by,
    named,
)

SHIPPED = "As shipped"
State = SubflowVersion.State


def load_messages(now: datetime) -> Loaded:
    """Create missing messages, refresh those no admin has edited, tell the others (R75, R77)."""
    shipped = _shipped_messages()
    there = {(m.language, m.key): m for m in Message.objects.filter(domain=None)}
    fresh = Message.objects.bulk_create(
        Message(
            language=language,
            key=key,
            text=text,
            shipped_text=text,
            seen_shipped_hash=hash_of(text),
        )
        for (language, key), text in shipped.items()
        if (language, key) not in there
    )
    newer = [m for name, m in there.items() if shipped.get(name, m.shipped_text) != m.shipped_text]
    stale = [message for message in newer if not message.changed_here]
    for message in newer:
        message.shipped_text = shipped[message.language, message.key]
    for message in stale:
        message.text, message.seen_shipped_hash = message.shipped_text, hash_of(message.text)
        message.version, message.updated_at = message.version + 1, now
    fields = ["text", "shipped_text", "seen_shipped_hash", "version", "updated_at"]
    Message.objects.bulk_update(newer, fields)
    MessageVersion.objects.bulk_create(
        MessageVersion(message=m, number=m.version, text=m.text, comment=SHIPPED, written_at=now)
        for m in [*fresh, *stale]
    )
    return Loaded("messages", len(fresh), len(shipped) - len(fresh) - len(stale), len(stale))


def _shipped_messages() -> dict[tuple[str, str], str]:
    """Return the shipped texts by language and key: instructions, and what customers are told."""
    base = folder("base")
    found = {("en", path.stem): path for path in base.glob("messages/*.md")}
    found |= {(path.parent.name, path.stem): path for path in base.glob("notices/*/*.md")}
    return {name: path.read_text("utf-8") for name, path in sorted(found.items())}


def load_subflows(now: datetime) -> Loaded:
    """Create missing subflows; one that is there keeps what it has, shipped anew or not (R47)."""
    shipped = entries("base", "subflows", "subflow")
    groups = ids_by(AssignmentGroup, "name")
    designs = {entry["key"]: _design(entry) for entry in shipped}
    rows = [_subflow(entry, designs[entry["key"]], groups) for entry in shipped]
    fresh = create_missing(rows, ("key",))
    SubflowVersion.objects.bulk_create(
        SubflowVersion(
            subflow=subflow,
            number=1,
            state=State.PUBLISHED,
            design=designs[subflow.key].as_json(),
            comment=SHIPPED,
            published_at=now,
        )
        for subflow in fresh
    )
    SubflowStep.objects.bulk_create(
        row for subflow in fresh for row in step_rows(subflow, designs[subflow.key])
    )
    return Loaded("subflows", len(fresh), len(shipped) - len(fresh))


def _subflow(entry: Entry, design: Design, groups: dict[str, int]) -> Subflow:
    return Subflow(
        name=entry["name"],
        key=entry["key"],
        description=entry.get("description", ""),
        subcategory=design.subcategory,
        stage=design.stage,
        group_id=named(groups, design.group, "Assignment group") if design.group else None,
        message_key=design.message_key,
        escalate_after=design.escalate_after,
        version=1,
    )


def _design(entry: Entry) -> Design:
    stored = {name: entry[name] for name in ("subcategory", "stage", "group")}
    steps = [read_step(step).as_json() for step in entry.get("step", [])]
    after = entry.get("escalate_after")
    more = {"message_key": entry["message"], "escalate_after": after, "steps": steps}
    return read_design({**stored, **more})
