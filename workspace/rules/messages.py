"""What the pages of messages show."""

import difflib
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404

from core.models import User
from core.scope import current_scope
from escalation.messages import facts_of
from escalation.models import Message, Subflow, SubflowStep
from escalation.placeholders import NAMES, fill, unknown_names
from incidents.checklist import boxes_of
from incidents.models import Incident
from workspace.rules.scope import acts_for_all

SEE, WRITE, ADD = (
    "escalation.view_message",
    "escalation.change_message",
    "escalation.add_message",
)


def messages_in_view() -> QuerySet[Message]:
    """Return what holds for all and the texts of the domains in view, never a neighbour's."""
    rows = Message.objects.select_related("domain")
    ids = current_scope().domain_ids
    return rows if ids is None else rows.filter(Q(domain=None) | Q(domain__in=ids))


def message_or_404(message_id: int) -> Message:
    """Return a message in view."""
    found = messages_in_view().filter(pk=message_id).first()
    if found is None:
        raise Http404("There is no such message.")
    return found


def search(words: str, language: str = "") -> QuerySet[Message]:
    """Return the messages whose key or text holds every word (R75)."""
    rows = messages_in_view()
    for word in words.split():
        rows = rows.filter(Q(key__icontains=word) | Q(text__icontains=word))
    rows = rows.filter(language=language) if language else rows
    return rows.order_by("key", "language", "domain__name")


def users_of(key: str) -> list[str]:
    """Return the names of the subflows that post the message."""
    own = Subflow.objects.filter(message_key__iexact=key).values_list("name", flat=True)
    steps = SubflowStep.objects.filter(options__key=key, step="post_message")
    return sorted({*own, *steps.values_list("subflow__name", flat=True)})


def may_write(user: User, message: Message) -> bool:
    """Tell whether a person may edit this message: one for all only for the whole instance."""
    return user.has_perm(WRITE) and (message.domain_id is not None or acts_for_all())


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Return the lines that differ, each with "+" or "-", and "…" where lines are left out."""
    found: list[tuple[str, str]] = []
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1):
        if line.startswith(("---", "+++")):
            continue
        found.append(("…", "") if line.startswith("@@") else (line[:1].strip(), line[1:]))
    return found


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be posted, and what is in it."""

    text: str
    unknown: list[str]
    boxes: list[str]
    incident: str = ""
    missing: list[str] = field(default_factory=list)


def preview(text: str, incident: Incident | None) -> Preview:
    """Fill a text with an incident's facts; without one the placeholders stay visible."""
    values = facts_of(incident) if incident else {name: f"[{name}]" for name in NAMES}
    filled = fill(text, values)
    missing = [name for name in sorted(NAMES) if f"[{name}?]" in filled] if incident else []
    number = incident.number if incident else ""
    return Preview(filled, unknown_names(text), boxes_of(filled), number, missing)
