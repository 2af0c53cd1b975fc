"""Events go up: `emit` says what happened, `react_to` answers from a higher app.

An *after* reaction runs inside the emitter's transaction; an *async* one becomes a `Delivery`
row that a worker takes after the commit. Every reaction is a business rule an admin may switch
off. Reactions write to the database only and may safely run twice.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.models import BusinessRule, BusinessRuleOverride, Delivery, DomainEvent, DomainModel
from core.wake import wake

Handler = Callable[[DomainEvent], None]
AFTER, ASYNC = "after", "async"


@dataclass(frozen=True, slots=True)
class Reaction:
    """A handler with the business rule that switches it."""

    rule: str
    event: str
    table: str
    when: str
    order: int
    help: str
    active: bool
    handler: Handler


_reactions: dict[str, list[Reaction]] = defaultdict(list)
_by_key: dict[str, Reaction] = {}


def react_to(
    event: str,
    *,
    rule: str,
    table: str,
    help: str,
    when: str = AFTER,
    order: int = 100,
    active: bool = True,
) -> Callable[[Handler], Handler]:
    """Register a reaction; several events may share one rule name.

    `active` is what a fresh instance starts with; afterwards the row in BusinessRule decides.
    """

    def register(handler: Handler) -> Handler:
        reaction = Reaction(rule, event, table, when, order, help, active, handler)
        _reactions[event].append(reaction)
        _reactions[event].sort(key=lambda r: (r.order, r.rule))
        _by_key[reaction_key(reaction)] = reaction
        return handler

    return register


def reaction_key(reaction: Reaction) -> str:
    """Return the stable name a delivery stores."""
    return f"{reaction.event}→{reaction.rule}"


def reaction_of(key: str) -> Reaction | None:
    """Return the reaction a delivery names, or None when the code no longer has it."""
    return _by_key.get(key)


def reactions() -> list[Reaction]:
    """Return every registered reaction."""
    return [reaction for group in _reactions.values() for reaction in group]


def record_key(record_type: str, record_id: int) -> str:
    """Return the key whose deliveries keep their order."""
    return f"{record_type}:{record_id}"


def new_act() -> str:
    """Return a key that binds the journal entries of one act together."""
    return uuid.uuid4().hex


@transaction.atomic
def emit(
    name: str,
    *,
    record: DomainModel,
    by: Actor,
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> DomainEvent:
    """Write what happened to the record and let the upper apps react.

    In: the event's name in the past tense, the record, who did it, when, JSON-ready details.
    Out: the stored event.
    """
    event = DomainEvent.objects.create(
        name=name,
        record_type=record._meta.label_lower,
        record_id=record.pk,
        domain_id=record.domain_pk,
        payload=payload or {},
        actor=by.as_json(),
        happened_at=now,
    )
    wanted = active_reactions(name, record.domain_pk)
    for reaction in wanted:
        if reaction.when == AFTER:
            reaction.handler(event)
    _deliver_later(event, [r for r in wanted if r.when == ASYNC], now)
    return event


def active_reactions(name: str, domain_id: int) -> list[Reaction]:
    """Return the reactions to an event whose rules are on for this domain (R164, R178).

    The domain's override wins over the rule's row, the row over what the code declares.
    """
    group = _reactions.get(name, [])
    if not group:
        return []
    rules = {reaction.rule for reaction in group}
    on = dict(BusinessRule.objects.filter(name__in=rules).values_list("name", "active"))
    overrides = BusinessRuleOverride.objects.filter(rule__name__in=rules, domain_id=domain_id)
    on.update(overrides.values_list("rule__name", "active"))
    return [reaction for reaction in group if on.get(reaction.rule, reaction.active)]


def _deliver_later(event: DomainEvent, wanted: list[Reaction], now: datetime) -> None:
    if not wanted:
        return
    key = record_key(event.record_type, event.record_id)
    Delivery.objects.bulk_create(
        Delivery(event=event, reaction=reaction_key(r), record_key=key, due_at=now) for r in wanted
    )
    transaction.on_commit(lambda: wake("deliveries"))
