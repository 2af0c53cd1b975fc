"""The texts administrators keep for what customers are told, by phase and language (ux C.5)."""

from collections.abc import Collection

from cases.choices import NoticePhase, NoticeState
from cases.models import Notice
from cases.wording import ENGLISH, Text, from_template
from escalation.models import Message
from incidents.choices import State
from incidents.models import Incident

PREFIX = "customer."


def template_key(phase: str) -> str:
    """Return the key of a phase's message in the administration."""
    return f"{PREFIX}{phase}"


def phase_texts(
    phase: str, *, domain_id: int | None, languages: Collection[str] = ()
) -> tuple[dict[str, Text], int]:
    """Return a phase's texts by language, English always, and the English one's version.

    A domain's own text wins; a language nobody wrote in is left out.
    """
    wanted = {ENGLISH, *languages}
    rows = Message.objects.filter(key=template_key(phase), language__in=wanted)
    found: dict[str, Message] = {}
    for row in rows.order_by("pk"):
        if row.domain_id == domain_id or (row.domain_id is None and row.language not in found):
            found[row.language] = row
    texts = {name: from_template(row.text) for name, row in sorted(found.items())}
    english = texts.pop(ENGLISH, Text("", ""))
    version = found[ENGLISH].version if ENGLISH in found else 0
    return {ENGLISH: english, **texts}, version


def next_phase(incident: Incident) -> str:
    """Return the phase the next message most likely is about."""
    left = Notice.objects.filter(incident=incident, state=NoticeState.LEFT).order_by("-pk")
    last = left.values_list("phase", flat=True).first()
    if incident.state in (State.RESOLVED, State.CLOSED):
        return NoticePhase.SUMMARY if last == NoticePhase.RESTORED else NoticePhase.RESTORED
    if last is None:
        return NoticePhase.ACKNOWLEDGE
    return NoticePhase.INVESTIGATING if last == NoticePhase.ACKNOWLEDGE else NoticePhase.UPDATE
