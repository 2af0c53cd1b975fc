"""Write a record as a TMF621 v4 resource; everything it reads is already in memory."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cases.models import Case
from cmdb.models import ConfigurationItem
from incidents.models import Incident
from tmf621.mapping import (
    CASE_WORDS,
    Kind,
    Standing,
    priority_words,
    severity_for,
    squash,
    status_of,
    title_from,
)
from tmf621.models import StatusChange, TicketFacts
from tmf621.words import Words

Resource = dict[str, Any]
Ticket = Incident | Case
PATH = "/tmf-api/troubleTicket/v4/troubleTicket"


def kind_of_record(record: Ticket) -> Kind:
    """Return which of the two records it is."""
    return Kind.CASE if isinstance(record, Case) else Kind.INCIDENT


def standing_of(record: Ticket) -> Standing:
    """Return the fields its status follows from."""
    hold_reason = record.hold_reason if isinstance(record, Incident) else ""
    return Standing(record.state, hold_reason, record.resolution_code)


def record_status(record: Ticket, words: Words) -> str:
    """Return the record's TMF621 status."""
    table = CASE_WORDS if isinstance(record, Case) else words.statuses
    return status_of(standing_of(record), table)


def href_of(uid: Any, base_url: str) -> str:
    """Return the ticket's absolute address."""
    return f"{base_url}{PATH}/{uid}"


def moment(value: datetime) -> str:
    """Return a moment with milliseconds and Z: clients put it into query strings unescaped."""
    utc = value.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def write_resource(
    record: Ticket,
    facts: TicketFacts | None,
    changes: list[StatusChange],
    comments: Iterable[Any],
    services: Iterable[ConfigurationItem],
    words: Words,
    base_url: str,
) -> Resource:
    """Return the full resource; what the client sent is echoed as long as it is still true."""
    extra: Resource = dict(facts.extra) if facts else {}
    sent_name = extra.pop("name", "")
    status = record_status(record, words)
    resource: Resource = {
        **extra,
        "id": str(record.uid),
        "href": href_of(record.uid, base_url),
        "number": record.number,
        "name": sent_name
        if title_from(sent_name) == record.short_description
        else record.short_description,
        "description": record.description or record.short_description,
        "severity": (facts and facts.severity) or severity_for(record.priority),
        "ticketType": (facts and facts.ticket_type) or kind_of_record(record).value,
        "priority": priority_words(record.get_priority_display()),
        "status": status,
        "creationDate": moment(record.opened_at),
        "lastUpdate": moment(record.updated_at),
        **_history(record, status, changes),
        "channel": _channel(extra.get("channel"), record),
        "relatedEntity": _entities(extra.get("relatedEntity", []), record, services),
        "relatedParty": _parties(extra.get("relatedParty", []), record),
        "note": [_note(entry) for entry in comments],
        "troubleTicketRelationship": [
            *extra.get("troubleTicketRelationship", []),
            *_relationships(record, base_url),
        ],
        "@type": extra.get("@type") or "TroubleTicket",
    }
    if facts and facts.external_id:
        resource["externalId"] = facts.external_id
    if record.resolved_at:
        resource["resolutionDate"] = moment(record.resolved_at)
    if isinstance(record, Incident):
        resource.update(_incident_words(record, extra, words))
    return resource


def _history(record: Ticket, status: str, changes: list[StatusChange]) -> Resource:
    if not changes:
        told = moment(record.opened_at)
        return {
            "statusChange": [{"status": status, "changeDate": told}],
            "statusChangeDate": told,
        }
    last = changes[-1]
    history: Resource = {
        "statusChange": [_status_change(change) for change in changes],
        "statusChangeDate": moment(last.changed_at),
    }
    if last.reason:
        history["statusChangeReason"] = last.reason
    return history


def _status_change(change: StatusChange) -> Resource:
    told = {"status": change.status, "changeDate": moment(change.changed_at)}
    return {**told, "changeReason": change.reason} if change.reason else told


def _channel(sent: Mapping[str, Any] | None, record: Ticket) -> Resource:
    own = {"id": record.channel, "name": record.get_channel_display()}
    return {**own, **sent} if sent else own


def _entities(
    sent: list[Resource], record: Ticket, services: Iterable[ConfigurationItem]
) -> list[Resource]:
    items: list[tuple[str, ConfigurationItem]] = []
    if isinstance(record, Incident):
        own = [("affectedCI", record.ci), ("affectedService", record.service)]
        items = [(role, item) for role, item in own if item is not None]
    items += [("affectedService", service) for service in services]
    own_told = [({i.external_id, str(i.uid), i.name}, _entity(role, i)) for role, i in items]
    defaults = {"role": "affectedCI", "@referredType": "ConfigurationItem"}
    return _both(sent, own_told, defaults)


def _both(
    sent: list[Resource], own: list[tuple[set[str], Resource]], defaults: Resource
) -> list[Resource]:
    """Return what the client sent, with names psew knows, then what psew knows besides."""
    by_word = {word.casefold(): told for words, told in reversed(own) for word in words if word}
    merged, known = [], set()
    for item in sent:
        words = [str(item.get(key, "")).casefold() for key in ("id", "name")]
        meant = next((by_word[word] for word in words if word in by_word), {})
        known.add(meant.get("id"))
        merged.append({**defaults, **({"name": meant["name"]} if meant else {}), **item})
    for _, told in own:
        if told["id"] not in known:
            known.add(told["id"])
            merged.append(told)
    return merged


def _entity(role: str, item: ConfigurationItem) -> Resource:
    return {
        "id": item.external_id or str(item.uid),
        "name": item.name,
        "role": role,
        "@referredType": item.ci_class.name,
    }


def _parties(sent: list[Resource], record: Ticket) -> list[Resource]:
    own = []
    account, group = record.account, record.assignment_group
    if account is not None:
        told = _party(account.number, account.name, "customer", "Organization")
        own.append(({account.number, account.name}, told))
    if group is not None:
        own.append((set(), _party(f"group-{group.pk}", group.name, "assignmentGroup", "PartyRole")))
    return _both(sent, own, {"@referredType": "Party"})


def _party(key: str, name: str, role: str, referred_type: str) -> Resource:
    return {"id": key, "name": name, "role": role, "@referredType": referred_type}


def _note(entry: Any) -> Resource:
    return {
        "id": str(entry.pk),
        "author": entry.actor_name,
        "date": moment(entry.created_at),
        "text": entry.text,
        "@type": "comments",
    }


def _relationships(record: Ticket, base_url: str) -> list[Resource]:
    linked: list[tuple[str, Ticket | None]] = [("isChildOf", record.parent)]
    if isinstance(record, Case):
        linked.append(("isCausedBy", record.incident))
    return [
        {
            "id": str(other.uid),
            "href": href_of(other.uid, base_url),
            "name": other.short_description,
            "relationshipType": relation,
        }
        for relation, other in linked
        # A provider's own record is none of its customer's business.
        if other is not None and other.domain_id == record.domain_id
    ]


def _incident_words(record: Incident, extra: Resource, words: Words) -> Resource:
    """Echo the client's category words while they still mean the incident's values."""
    told: Resource = {}
    if record.category:
        told["category"] = _still_true(extra.get("category"), record.category) or (
            words.categories.get(record.category, record.category)
        )
    if record.subcategory:
        key = (record.category, record.subcategory)
        told["subCategory"] = _still_true(extra.get("subCategory"), record.subcategory) or (
            words.subcategories.get(key, record.subcategory)
        )
    if record.stage:
        told["stage"] = record.get_stage_display()
    return told


def _still_true(sent: Any, value: str) -> str:
    return sent if isinstance(sent, str) and squash(sent) == squash(value) else ""
