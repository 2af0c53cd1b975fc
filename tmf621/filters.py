"""Which attributes one may filter a ticket list by, and what each means in our tables (R19).

Nothing of the query string reaches the ORM but values: every attribute and operator is listed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.http import QueryDict

from cases.choices import CaseChannel
from incidents.choices import Channel
from tmf621.errors import BadQuery
from tmf621.mapping import (
    CASE_WORDS,
    Kind,
    Status,
    channel_of,
    pick,
    read_status,
    standing_for,
)
from tmf621.parsing import parse_moment
from tmf621.querystring import Asked, read_filters
from tmf621.resolving import as_uuid
from tmf621.words import Words

NOTHING = Q(pk__in=[])
_MILLISECOND = timedelta(milliseconds=1)


class Both(NamedTuple):
    """A condition for each of the two tables tickets lie in."""

    incident: Q
    case: Q


def conditions(query: QueryDict) -> Both:
    """Return what a query string's filters mean; `BadQuery` for unknown ones."""
    both, words = Both(Q(), Q()), Words()
    for asked in read_filters(query):
        part = _condition(asked, words)
        both = Both(both.incident & part.incident, both.case & part.case)
    return both


def _condition(asked: Asked, words: Words) -> Both:
    if asked.attribute in _MOMENTS:
        return _moment(asked)
    make = _EXACT.get(asked.attribute)
    if make is None:
        known = ", ".join(sorted([*_EXACT, *_MOMENTS]))
        raise BadQuery(f"{asked.attribute[:80]}: no such filter; there are {known}.")
    if asked.operator != "eq":
        raise BadQuery(f"{asked.attribute}: only equality is known for it.")
    return make(asked.values, words)


def _same(condition: Q) -> Both:
    return Both(condition, condition)


def _moment(asked: Asked) -> Both:
    column, any_of = _MOMENTS[asked.attribute], NOTHING
    for value in asked.values:
        at = parse_moment(value)
        if at is None:
            raise BadQuery(f"{asked.attribute}: {value!r} is no RFC 3339 date-time with offset.")
        any_of |= _range(column, asked.operator, at)
    return _same(any_of)


def _range(column: str, operator: str, at: datetime) -> Q:
    # Tickets tell milliseconds only, so a moment stands for the whole millisecond.
    start = at.replace(microsecond=at.microsecond // 1000 * 1000)
    end = start + _MILLISECOND
    return {
        "eq": Q(**{f"{column}__gte": start, f"{column}__lt": end}),
        "gt": Q(**{f"{column}__gte": end}),
        "gte": Q(**{f"{column}__gte": start}),
        "lt": Q(**{f"{column}__lt": start}),
        "lte": Q(**{f"{column}__lt": end}),
    }[operator]


def _id(values: list[str], words: Words) -> Both:
    return _same(Q(uid__in=[uid for uid in map(as_uuid, values) if uid is not None]))


def _status(values: list[str], words: Words) -> Both:
    incident = case = NOTHING
    for value in values:
        status, as_case = read_status(value, Kind.INCIDENT), read_status(value, Kind.CASE)
        if status is None and as_case is None:
            raise BadQuery(f"status: {value!r} is no status of a trouble ticket.")
        incident |= _incident_standing(status, words) if status else NOTHING
        case |= _case_standing(as_case) if as_case else NOTHING
    return Both(incident, case)


def _incident_standing(status: Status, words: Words) -> Q:
    rejected = Q(state="canceled", resolution_code="rejected")
    pending = Q(state="on_hold", hold_reason="awaiting_caller")
    special = {Status.REJECTED: rejected, Status.PENDING: pending}.get(status, NOTHING)
    states = [state for state, word in words.statuses.items() if word == status]
    return special | (Q(state__in=states) & ~pending & ~rejected)


def _case_standing(status: Status) -> Q:
    standing = standing_for(status, Kind.CASE)
    rejected = Q(state="canceled", resolution_code="rejected")
    if standing is None:
        return NOTHING
    if status is Status.REJECTED:
        return rejected
    return Q(state__in=[s for s, word in CASE_WORDS.items() if word == status]) & ~rejected


def _severity(values: list[str], words: Words) -> Both:
    # Tickets whose client named no severity tell their priority.
    silent = Q(ticket_facts__isnull=True) | Q(ticket_facts__severity="")
    digits = [int(v) for v in values if v in ("1", "2", "3", "4", "5")]
    return _same(Q(ticket_facts__severity__in=values) | (silent & Q(priority__in=digits)))


def _ticket_type(values: list[str], words: Words) -> Both:
    silent = Q(ticket_facts__isnull=True) | Q(ticket_facts__ticket_type="")
    named = NOTHING
    for value in values:
        named |= Q(ticket_facts__ticket_type__iexact=value)
    kinds = {value.casefold() for value in values}
    return Both(
        named | silent if Kind.INCIDENT in kinds else named,
        named | silent if Kind.CASE in kinds else named,
    )


def _external_id(values: list[str], words: Words) -> Both:
    return _same(Q(ticket_facts__external_id__in=values))


def _name(values: list[str], words: Words) -> Both:
    return _same(Q(short_description__in=[value.strip()[:160] for value in values]))


def _description(values: list[str], words: Words) -> Both:
    return _same(Q(description__in=values))


def _priority(values: list[str], words: Words) -> Both:
    digits = [int(value[0]) for value in values if value[0] in "12345"]
    return _same(Q(priority__in=digits))


def _category(values: list[str], words: Words) -> Both:
    found = [pick(value, words.categories) for value in values]
    return Both(Q(category__in=[value for value in found if value]), NOTHING)


def _sub_category(values: list[str], words: Words) -> Both:
    by_value = {v: label for (_, v), label in words.subcategories.items()}
    found = [pick(value, by_value) for value in values]
    return Both(Q(subcategory__in=[value for value in found if value]), NOTHING)


def _channel(values: list[str], words: Words) -> Both:
    incident = [channel_of([value], dict(Channel.choices), "") for value in values]
    case = [channel_of([value], dict(CaseChannel.choices), "") for value in values]
    return Both(Q(channel__in=set(incident) - {""}), Q(channel__in=set(case) - {""}))


def _entity_id(values: list[str], words: Words) -> Both:
    uids = [uid for uid in map(as_uuid, values) if uid is not None]
    return Both(Q(ci__external_id__in=values) | Q(ci__uid__in=uids), NOTHING)


def _entity_name(values: list[str], words: Words) -> Both:
    return Both(Q(ci__name__in=values), NOTHING)


def _party_id(values: list[str], words: Words) -> Both:
    return _same(Q(account__number__in=values))


def _party_name(values: list[str], words: Words) -> Both:
    return _same(Q(account__name__in=values) | Q(assignment_group__name__in=values))


_MOMENTS = {
    "creationDate": "opened_at",
    "lastUpdate": "updated_at",
    "resolutionDate": "resolved_at",
}
_EXACT: dict[str, Callable[[list[str], Words], Both]] = {
    "id": _id,
    "status": _status,
    "severity": _severity,
    "ticketType": _ticket_type,
    "externalId": _external_id,
    "name": _name,
    "description": _description,
    "priority": _priority,
    "category": _category,
    "subCategory": _sub_category,
    "channel.id": _channel,
    "channel.name": _channel,
    "relatedEntity.id": _entity_id,
    "relatedEntity.name": _entity_name,
    "relatedParty.id": _party_id,
    "relatedParty.name": _party_name,
}
