"""What the dialog of a message to customers shows, and what pages say of messages (ux C.4, C.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from cases.choices import NoticePhase, NoticeState
from cases.models import Case, Notice
from cases.notice_preview import NoticePreview, Recipient, language_of, preview_notice
from cases.templates import next_phase, phase_texts
from incidents.models import Incident
from workspace.forms.notices import PROMISING, TYPED_ABOVE, ids_from, texts_in, values_of

SHOWN = 200
DEFAULT_PROMISE = "30"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message in the making: for whom, in which words, and what is wrong with it."""

    cases: list[Case]
    left_out: frozenset[int]
    phase: str
    languages: list[str]
    values: dict[str, Any]
    preview: NoticePreview
    at: int
    # A template somebody picked while the text was their own already.
    offered: str = ""

    @property
    def current(self) -> Recipient | None:
        return self.preview.recipients[self.at] if self.preview.recipients else None

    @property
    def place(self) -> str:
        return f"{self.at + 1} of {len(self.preview.recipients)}"

    @property
    def before(self) -> int:
        return (self.at - 1) % max(len(self.preview.recipients), 1)

    @property
    def after(self) -> int:
        return (self.at + 1) % max(len(self.preview.recipients), 1)

    @property
    def must_type(self) -> bool:
        return len(self.preview.reached) > TYPED_ABOVE

    @property
    def shown(self) -> list[Case]:
        return self.cases[:SHOWN]

    @property
    def offered_label(self) -> str:
        return str(NoticePhase(self.offered).label) if self.offered else ""


def choosable_cases(incident: Incident) -> QuerySet[Case]:
    """Return the cases whose customers can be told something."""
    cases = Case.objects.tellable().filter(incident=incident)
    return cases.select_related("account", "contact").order_by("account__name", "pk")


def draft_of(incident: Incident, data: QueryDict, now: datetime) -> Draft:
    """Return the message as the address or the form asks for it; nonsense is left out."""
    cases = _chosen(incident, data)
    languages = sorted({language_of(case) for case in cases})
    phase, values, offered = _wording(incident, data, languages)
    left_out = frozenset(int(pk) for pk in data.getlist("leave_out") if _is_number(pk))
    told = [case for case in cases if case.pk not in left_out]
    preview = preview_notice(
        incident=incident,
        cases=told,
        texts=texts_in(values, languages),
        now=now,
        next_update_at=promised_at(values, now),
    )
    place = data.get("at") or data.get("look") or ""
    at = int(place) if _is_number(place) else 0
    values["cases"] = ",".join(str(case.pk) for case in cases)
    at = min(at, max(len(told) - 1, 0))
    return Draft(cases, left_out, phase, languages, values, preview, at, offered)


def promised_at(values: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when the next message is promised: a time people say, on five minutes."""
    minutes = str(values.get("next_update") or "")
    if not _is_number(minutes):
        return None
    moment = now + timedelta(minutes=min(int(minutes), 10_000))
    beyond = timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - beyond + timedelta(minutes=5 if beyond else 0)


def _chosen(incident: Incident, data: QueryDict) -> list[Case]:
    """Return the chosen cases; all of them by one word, as thousands fit no address."""
    cases = choosable_cases(incident)
    if "all" in data:
        return list(cases)
    ids = [pk for pk in data.getlist("case") if _is_number(pk)]
    text = data.get("cases", "")
    chosen = ids_from(text) if text and all(map(_is_number, text.split(","))) else ids
    return list(cases.filter(pk__in=chosen)) if chosen else []


def _wording(
    incident: Incident, data: QueryDict, languages: list[str]
) -> tuple[str, dict[str, Any], str]:
    """Return the phase, the form's values, and the template that waits for a yes."""

    def template(phase: str) -> dict[str, Any]:
        texts, _version = phase_texts(phase, domain_id=incident.domain_id, languages=languages)
        return values_of(texts)

    phase = _phase(data.get("phase"), "") or next_phase(incident)
    wanted = _phase(data.get("use") or data.get("replace"), phase)
    promise = DEFAULT_PROMISE if wanted in PROMISING else ""
    if "note" not in data and data.get("text"):
        # What was typed as a comment goes on here: all read it, and it promises what it says.
        subject = template(wanted)["subject"]
        typed = {"subject": subject, "note": data["text"]}
        return wanted, typed | {"phase": wanted, "next_update": ""}, ""
    if "note" not in data:
        return wanted, template(wanted) | {"phase": wanted, "next_update": promise}, ""
    typed = {name: data[name] for name in data if name.startswith(("note", "subject"))}
    typed |= {"next_update": data.get("next_update", ""), "phase": phase}
    if wanted == phase and "replace" not in data:
        return phase, typed, ""
    if "replace" in data or _is_untouched(typed, template(phase)):
        return wanted, template(wanted) | {"phase": wanted, "next_update": promise}, ""
    return phase, typed, wanted


def _is_untouched(typed: dict[str, Any], template: dict[str, Any]) -> bool:
    """Tell whether the text is still the template's, or none; browsers send other line ends."""
    note = " ".join(str(typed.get("note", "")).split())
    return note in ("", " ".join(str(template.get("note", "")).split()))


def _phase(text: str | None, otherwise: str) -> str:
    return text if text in NoticePhase.values else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def notice_url(notice: Notice, verb: str = "notice") -> str:
    """Return the address of a message's page, or of something one does with it."""
    return reverse(f"workspace:{verb}", args=[notice.incident.number, notice.uid])


def notices_of(incident: Incident, *, limit: int = 5) -> list[Notice]:
    """Return the newest messages of an incident; one statement."""
    rows = Notice.objects.filter(incident=incident).select_related("incident")
    return list(rows.order_by("-pk")[:limit])


def next_update_of(incident: Incident) -> datetime | None:
    """Return when this open incident's customers expect the next message."""
    if not incident.is_open:
        return None
    left = Notice.objects.filter(incident=incident, state=NoticeState.LEFT).order_by("-pk")
    return left.values_list("next_update_at", flat=True).first()
