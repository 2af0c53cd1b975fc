"""Agent Assist: what may have caused it, what looks like it, what is known (R39)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import KnowledgeArticle
from cases.models import Case
from changes.models import ChangeRequest
from cmdb.models import CIRelation
from incidents.likeness import likeness, trigrams
from incidents.models import Incident

RECENT = timedelta(days=14)
SHOWN = 8
# The newest open incidents are compared; the text of older ones is not looked at.
COMPARED = 200
ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Similar:
    """An open incident and why it is shown."""

    incident: Incident
    why: str


@dataclass(frozen=True, slots=True)
class Assist:
    """The short form in the side panel."""

    changes: list[ChangeRequest]
    incidents: list[Incident]


@dataclass(frozen=True, slots=True)
class Investigation:
    """Everything the Investigate tab suggests, most likely first."""

    changes: list[tuple[ChangeRequest, str]]
    similar: list[Similar]
    majors: list[Case]
    articles: list[KnowledgeArticle]


def assist_for(incident: Incident, now: datetime) -> Assist:
    """Return recent changes and open incidents on the same item, newest first."""
    if incident.ci_id is None:
        return Assist([], [])
    changes = ChangeRequest.objects.filter(ci_id=incident.ci_id).order_by("-opened_at")[:5]
    similar = Incident.objects.open().filter(ci_id=incident.ci_id).exclude(pk=incident.pk)
    return Assist(list(changes), list(similar.order_by("-opened_at")[:5]))


def investigate(incident: Incident, now: datetime) -> Investigation:
    """Gather what the Investigate tab suggests."""
    majors = Case.objects.open().exclude(major_state="").exclude(incident=incident)
    return Investigation(
        changes=_changes(incident, now),
        similar=_similar(incident),
        majors=list(majors.select_related("incident").order_by("-pk")[:SHOWN]),
        articles=_articles(incident),
    )


def _changes(incident: Incident, now: datetime) -> list[tuple[ChangeRequest, str]]:
    """Return recent changes: on the item itself first, then on its neighbours."""
    if incident.ci_id is None:
        return []
    near = neighbours_of(incident.ci_id)
    rows = ChangeRequest.objects.filter(ci_id__in={incident.ci_id, *near})
    recent = Q(opened_at__gte=now - RECENT) | Q(planned_start__gte=now - RECENT)
    found = list(rows.filter(recent).select_related("ci").order_by("-opened_at")[:50])
    found.sort(key=lambda change: change.ci_id != incident.ci_id)
    return [
        (c, "same item" if c.ci_id == incident.ci_id else f"neighbour {c.ci}")
        for c in found[:SHOWN]
    ]


def neighbours_of(ci_id: int) -> set[int]:
    """Return the items one relation away, up or down."""
    either = Q(parent_id=ci_id) | Q(child_id=ci_id)
    pairs = CIRelation.objects.filter(either).values_list("parent_id", "child_id")[:500]
    return {pk for pair in pairs for pk in pair} - {ci_id}


def _similar(incident: Incident) -> list[Similar]:
    """Return open incidents on the same item, service or category, or with alike words."""
    rows = Incident.objects.open().exclude(pk=incident.pk).select_related("ci")
    scored = [(_score(incident, other), other) for other in rows.order_by("-pk")[:COMPARED]]
    fitting = [(score, other) for score, other in scored if score[0] > 0]
    fitting.sort(key=lambda pair: -pair[0][0])
    return [Similar(other, why) for (_, why), other in fitting[:SHOWN]]


def _score(incident: Incident, other: Incident) -> tuple[float, str]:
    alike = likeness(incident.short_description, other.short_description)
    reasons = []
    if incident.ci_id and incident.ci_id == other.ci_id:
        reasons.append((2.0, "same item"))
    if incident.service_id and incident.service_id == other.service_id:
        reasons.append((1.0, "same service"))
    if alike >= ALIKE:
        reasons.append((alike, f"title {alike:.0%} alike"))
    same = incident.subcategory and incident.category == other.category
    if same and incident.subcategory == other.subcategory:
        reasons.append((0.2, "same sub category"))
    return sum(score for score, _ in reasons), ", ".join(why for _, why in reasons)


def _articles(incident: Incident) -> list[KnowledgeArticle]:
    """Return published articles that share words with the incident, best first."""
    text = f"{incident.short_description} {incident.subcategory.replace('_', ' ')}"
    wanted = {word for word in text.lower().split() if len(word) > 3}
    if not wanted:
        return []
    any_word = Q()
    for word in sorted(wanted)[:12]:
        any_word |= Q(title__icontains=word) | Q(keywords__icontains=word)
    found = list(KnowledgeArticle.objects.filter(any_word, published=True).order_by("pk")[:50])
    pieces = trigrams(text)
    found.sort(key=lambda a: -len(pieces & trigrams(f"{a.title} {a.keywords}")))
    return found[:5]
