"""What the test console shows: a body tried, what was answered, what it made and why."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from cases.models import Case
from core.models import User
from escalation.models import Run
from escalation.queries import flow_for, why_no_row
from incidents.models import Incident
from tmf621 import console
from tmf621.description.subjects import SUBJECTS, Subject
from tmf621.errors import UnknownTicket
from tmf621.models import TicketFacts
from tmf621.queries import find_ticket
from tmf621.resources import Ticket
from tmf621.samples import KINDS, sample_text
from workspace.parts import CountCard, NavItem
from workspace.records.incident import cards_of

FACE_LABELS = {"v4": "TMF621 v4", "v5": "TMF621 v5", "servicenow": "ServiceNow"}
KIND_LABELS = {"network-fault": "Network fault", "customer-case": "Complaint", "minimal": "Minimal"}
# Seconds the page asks by itself what became of a ticket.
MOST_QUESTIONS = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record a ticket became, the run that followed, and whether more may come."""

    record: Ticket
    url: str
    run: Run | None
    reason: str
    settled: bool
    cards: list[CountCard]

    @property
    def is_case(self) -> bool:
        return isinstance(self.record, Case)

    @property
    def decision(self) -> dict[str, Any]:
        """Return the row that answered and why earlier ones did not (R66)."""
        found: dict[str, Any] = self.run.plan.get("decision") or {} if self.run else {}
        return found

    @property
    def done(self) -> list[str]:
        """Return what the run does, in words."""
        return [step["words"] for step in self.run.plan.get("steps", [])] if self.run else []


@dataclass
class Trial:
    """A body in the editor, and what came of checking or sending it."""

    face: Subject
    kind: str
    body: str
    curl: str
    checked: bool = False
    problems: list[str] = field(default_factory=list)
    answer: console.Answer | None = None
    outcome: Outcome | None = None
    # The answer named an open ticket with the same external id; the outcome is that one's.
    repeated: bool = False

    @property
    def faces(self) -> list[NavItem]:
        """Return the choice of faces."""
        return [
            NavItem(FACE_LABELS[name], _at(name, self.kind), "", current=name == self.face.name)
            for name in SUBJECTS
        ]

    @property
    def kinds(self) -> list[NavItem]:
        """Return the choice of samples."""
        return [
            NavItem(KIND_LABELS[kind], _at(self.face.name, kind), "", current=kind == self.kind)
            for kind in KINDS
        ]

    @property
    def about(self) -> str:
        return KINDS[self.kind]


def trial_of(face: str, kind: str, body: str, base_url: str) -> Trial:
    """Return a trial that was neither checked nor sent; unknown names mean the first ones."""
    face = face if face in SUBJECTS else next(iter(SUBJECTS))
    kind = kind if kind in KINDS else next(iter(KINDS))
    text = body or sample_text(face, kind)
    return Trial(SUBJECTS[face], kind, text, console.curl(face, text, base_url))


def check(trial: Trial) -> None:
    """Hold the body against the published schema."""
    trial.checked = True
    trial.problems = console.check(trial.face.name, trial.body)


def send(trial: Trial, *, user: User, base_url: str, key: str) -> None:
    """Create the ticket, and look up what it made, or what the ticket it repeats has made."""
    trial.answer = console.send(
        face=trial.face.name, raw_body=trial.body, user=user, base_url=base_url, key=key
    )
    trial.repeated = bool(trial.answer.holder_id)
    if told := trial.answer.ticket_id or trial.answer.holder_id:
        trial.outcome = outcome_of(told)


def outcome_of(ticket_id: str) -> Outcome:
    """Return what a ticket made; `UnknownTicket` where the user's domain has none."""
    record = find_ticket(ticket_id)
    if isinstance(record, Case):
        url = reverse("workspace:case", args=[record.number])
        return Outcome(record, url, None, "A case takes no escalation workflow.", True, [])
    return _outcome_of(record)


def look_up(words: str) -> str | None:
    """Return the id of the ticket with this id, number or external id, the newest first."""
    try:
        return str(find_ticket(words).uid)
    except UnknownTicket:
        record = _numbered(words) or _known_outside_as(words)
        return str(record.uid) if record else None


def _numbered(number: str) -> Incident | Case | None:
    incident = Incident.objects.filter(number=number.upper()).first()
    return incident or Case.objects.filter(number=number.upper()).first()


def _known_outside_as(external_id: str) -> Incident | Case | None:
    facts = TicketFacts.objects.filter(external_id=external_id).select_related("incident", "case")
    found = facts.order_by("-pk").first() if external_id else None
    return (found.incident or found.case) if found else None


def _outcome_of(incident: Incident) -> Outcome:
    first = Run.objects.filter(incident=incident, kind=Run.Kind.STAGE).order_by("pk")
    run = first.select_related("subflow").first()
    follows = run is not None or flow_for(incident) is not None
    return Outcome(
        record=incident,
        url=reverse("workspace:incident", args=[incident.number]),
        run=run,
        reason="" if follows else why_no_row(incident),
        settled=run.state != Run.State.PLANNED if run else not follows,
        cards=cards_of(incident),
    )


def _at(face: str, kind: str) -> str:
    return f"{reverse('workspace:console')}?face={face}&sample={kind}"
