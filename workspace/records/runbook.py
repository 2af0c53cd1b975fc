"""The runbook panel: the instructions of the stage as a checklist (ux C.2)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.models import User
from escalation.messages import DEFAULT_LANGUAGE, find_message
from escalation.models import Run
from incidents.checklist import boxes_of, pre_ticked
from incidents.models import Incident, IncidentEntry, RunbookTick
from workspace.markdown import to_html
from workspace.words import relative

_CHECK_BOX = re.compile(r'<input type="checkbox" disabled[^>]*>')
_MISSING = re.compile(r"\[([a-z_]{1,30}\.[a-z_]{1,30})\?\]")


@dataclass(frozen=True, slots=True)
class Runbook:
    """The panel: the text with its boxes, how many are ticked, the message's version."""

    entry: IncidentEntry
    html: SafeString
    total: int
    done: int
    key: str = ""
    version: int = 0
    edit_url: str = ""


def runbook_of(incident: Incident, run: Run | None, user: User, now: datetime) -> Runbook | None:
    """Return the instructions posted for the current stage; None where there are none.

    In: the run that brought the incident to its stage, which knows the message it posted.
    """
    kind = IncidentEntry.Kind.INSTRUCTIONS
    entries = IncidentEntry.objects.filter(incident=incident, kind=kind, stage=incident.stage)
    entry = entries.order_by("-pk").first()
    if entry is None:
        return None
    boxes = boxes_of(entry.text)
    ticks = {t.line: t for t in RunbookTick.objects.filter(entry=entry)} if boxes else {}
    done = pre_ticked(entry.text) | set(ticks)
    message = run.plan.get("message", {}) if run else {}
    may_tick = incident.is_open and user.has_perm("incidents.change_incident")
    html = to_html(entry.text)
    if may_tick:
        html = _with_buttons(html, boxes, ticks, incident, entry, now)
    return Runbook(
        entry=entry,
        html=missing_marked(html),
        total=len(boxes),
        done=len(done),
        key=message.get("key", ""),
        version=message.get("version", 0),
        edit_url=_edit_url(incident, message, user),
    )


def missing_marked(html: str) -> SafeString:
    """Return HTML with every placeholder that had no value as a visible token."""
    shown = r'<mark class="missing" title="No value for \1">\1?</mark>'
    return mark_safe(_MISSING.sub(shown, html))


def _with_buttons(
    html: SafeString,
    boxes: list[str],
    ticks: dict[int, RunbookTick],
    incident: Incident,
    entry: IncidentEntry,
    now: datetime,
) -> SafeString:
    """Put a button in the place of each box; the text stays as it is where they do not match."""
    if len(_CHECK_BOX.findall(html)) != len(boxes):
        return html
    lines = iter(range(len(boxes)))
    given = pre_ticked(entry.text)

    def button(_: Any) -> str:
        line = next(lines)
        url = reverse("workspace:incident_tick", args=[incident.number, entry.pk, line])
        if line in given:
            return format_html('<span class="tick done" role="img" aria-label="Done">✓</span>')
        return _button(url, boxes[line], ticks.get(line), now)

    return mark_safe(_CHECK_BOX.sub(button, html))


def _button(url: str, words: str, tick: RunbookTick | None, now: datetime) -> SafeString:
    who = (
        format_html(
            '<span class="ticked">{}, {}</span>', tick.by_name, relative(tick.ticked_at, now)
        )
        if tick
        else ""
    )
    return format_html(
        '<button class="tick" formaction="{}" name="done" value="{}" role="checkbox"'
        ' aria-checked="{}" aria-label="{}">{}</button>{}',
        url,
        "no" if tick else "yes",
        "true" if tick else "false",
        words.replace("*", "").replace("`", ""),
        "✓" if tick else "",
        who,
    )


def _edit_url(incident: Incident, posted: dict[str, Any], user: User) -> str:
    key, language = posted.get("key", ""), posted.get("language", DEFAULT_LANGUAGE)
    if not key or not user.has_perm("escalation.change_message"):
        return ""
    message = find_message(key, domain_id=incident.domain_id, language=language)
    if message is None:
        return ""
    return f"{reverse('workspace:rules_message', args=[message.pk])}?incident={incident.number}"
