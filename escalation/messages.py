"""Find a message's text for a domain and fill it with an incident's facts (R74-R76)."""

from collections.abc import Callable

from escalation.models import Message
from escalation.placeholders import fill
from escalation.properties import LANGUAGE
from incidents.models import Incident
from incidents.queries import subcategory_labels

Facts = Callable[[Incident], dict[str, str]]
DEFAULT_LANGUAGE = "en"
_more_facts: list[Facts] = []


def also_knows(facts: Facts) -> Facts:
    """Register what an app above knows of an incident, for the placeholders of messages."""
    _more_facts.append(facts)
    return facts


def language_for(domain_id: int | None) -> str:
    """Return the language a domain's people are told things in."""
    return LANGUAGE.value(domain_id).strip() or DEFAULT_LANGUAGE


def find_message(
    key: str, *, domain_id: int | None = None, language: str = DEFAULT_LANGUAGE
) -> Message | None:
    """Return the best text there is for a domain and language; None where there is none.

    A domain's own text wins over the instance's, then the asked language over English.
    """
    rows = Message.objects.filter(key__iexact=key, language__in={language, DEFAULT_LANGUAGE})
    own = {(row.domain_id, row.language): row for row in rows}
    for domain in (domain_id, None):
        for tongue in (language, DEFAULT_LANGUAGE):
            if (domain, tongue) in own:
                return own[domain, tongue]
    return None


def render(
    key: str,
    *,
    incident: Incident,
    language: str = DEFAULT_LANGUAGE,
    extra: dict[str, str] | None = None,
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
