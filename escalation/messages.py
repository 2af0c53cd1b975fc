"""Find a message's text for a domain and fill it with an incident's facts (R74-R76)."""

from collections.abc import Callable

from escalation.models import Message
from escalation.placeholders import fill
from incidents.models import Incident
from incidents.queries import subcategory_labels

Facts = Callable[[Incident], dict[str, str]]
_more_facts: list[Facts] = []


def also_knows(facts: Facts) -> Facts:
    """Register what an app above knows of an incident, for the placeholders of messages."""
    _more_facts.append(facts)
    return facts


def find_message(key: str, *, domain_id: int | None = None, language: str = "en") -> Message | None:
    """Return the domain's own text, else the instance's, else None."""
    rows = Message.objects.filter(key__iexact=key, language=language)
    own = {row.domain_id: row for row in rows}
    return own.get(domain_id) or own.get(None)


def render(
    key: str, *, incident: Incident, language: str = "en", extra: dict[str, str] | None = None
) -> str:
    """Return the message filled for this incident; the key itself where no text exists (C.10)."""
    message = find_message(key, domain_id=incident.domain_id, language=language)
    return fill(message.text, facts_of(incident) | (extra or {})) if message else key


def facts_of(incident: Incident) -> dict[str, str]:
    """Return what placeholders of the closed list stand for on this incident."""
    ci, service, group = incident.ci, incident.service, incident.assignment_group
    labels = subcategory_labels()
    first = incident.impacted_services.select_related("service").order_by("pk").first()
    service_name = service.name if service else (first.service.name if first else "")
    change = incident.caused_by_change
    more = {name: text for facts in _more_facts for name, text in facts(incident).items()}
    return more | {
        "incident.number": incident.number,
        "incident.short_description": incident.short_description,
        "incident.priority": incident.get_priority_display(),
        "incident.stage": incident.get_stage_display() if incident.stage else "",
        "incident.subcategory": labels.get((incident.category, incident.subcategory), ""),
        "ci.name": ci.name if ci else "",
        "ci.class": ci.ci_class.label if ci else "",
        "ci.address": ci.address if ci else "",
        "service.name": service_name,
        "group.name": group.name if group else "",
        "accounts.count": str(incident.affected_accounts.count()),
        "services.count": str(incident.impacted_services.count()),
        "change.number": change.number if change else "",
    }
