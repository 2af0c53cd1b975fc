"""Events go up: reactions run after, or async by a worker, or not at all."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from changes.models import ChangeRequest
from core import bus
from core.actor import SYSTEM, actor_from, actor_of
from core.models import (
    BusinessRule,
    BusinessRuleOverride,
    Delivery,
    Domain,
    DomainEvent,
    User,
)
from core.sync import sync_rules

pytestmark = pytest.mark.django_db
Listen = Callable[..., None]


def happen(record: ChangeRequest, now: datetime, **payload: object) -> DomainEvent:
    return bus.emit("test.happened", record=record, by=SYSTEM, now=now, payload=payload)


def test_an_event_keeps_what_who_and_when(
    record: ChangeRequest, now: datetime, make_user: Callable[..., User]
) -> None:
    nadia = make_user("nadia", first_name="Nadia", last_name="Winter")
    event = bus.emit(
        "test.happened", record=record, by=actor_of(nadia), now=now, payload={"old": "a"}
    )

    event.refresh_from_db()
    assert (event.record_type, event.record_id) == ("changes.changerequest", record.pk)
    assert (event.payload, event.happened_at, event.domain_id) == ({"old": "a"}, now, 1)
    assert actor_from(event.actor) == actor_of(nadia)


def test_an_after_reaction_runs_at_once(
    record: ChangeRequest, now: datetime, listen: Listen, heard: list[int]
) -> None:
    listen(when="after")
    event = happen(record, now)

    assert heard == [event.pk]
    assert not Delivery.objects.exists()


def test_a_failing_after_reaction_undoes_the_event(
    record: ChangeRequest, now: datetime, listen: Listen
) -> None:
    def fail(event: DomainEvent) -> None:
        raise RuntimeError

    listen(fail, when="after")
    with pytest.raises(RuntimeError), transaction.atomic():
        happen(record, now)
    assert not DomainEvent.objects.filter(name="test.happened").exists()


def test_an_async_reaction_waits_for_a_worker(
    record: ChangeRequest,
    now: datetime,
    listen: Listen,
    heard: list[int],
    work: Callable[[], None],
) -> None:
    listen(when="async")
    event = happen(record, now)
    assert heard == []

    work()
    assert heard == [event.pk]
    assert event.deliveries.get().state == Delivery.State.DONE


def test_reactions_run_in_their_order(record: ChangeRequest, now: datetime, listen: Listen) -> None:
    ran: list[str] = []
    listen(lambda _: ran.append("late"), rule="A", order=200)
    listen(lambda _: ran.append("early"), rule="B", order=10)
    happen(record, now)

    assert ran == ["early", "late"]


def test_a_rule_that_is_switched_off_stays_silent(
    record: ChangeRequest, now: datetime, listen: Listen, heard: list[int]
) -> None:
    listen()
    sync_rules()
    BusinessRule.objects.filter(name="Test rule").update(active=False)
    happen(record, now)

    assert heard == []


def test_a_rule_may_start_switched_off(
    record: ChangeRequest, now: datetime, listen: Listen, heard: list[int]
) -> None:
    listen(active=False)
    happen(record, now)
    sync_rules()
    happen(record, now)

    assert heard == []
    assert not BusinessRule.objects.get(name="Test rule").active


def test_a_tenant_may_switch_a_rule_differently(
    record: ChangeRequest, tenant: Domain, now: datetime, listen: Listen, heard: list[int]
) -> None:
    listen()
    sync_rules()
    rule = BusinessRule.objects.get(name="Test rule")
    BusinessRuleOverride.objects.create(rule=rule, domain=tenant, active=False)
    ours = happen(record, now)
    record.domain = tenant
    happen(record, now)

    assert heard == [ours.pk]


def test_the_box_an_admin_set_survives_the_next_start(listen: Listen) -> None:
    listen(order=5)
    sync_rules()
    BusinessRule.objects.filter(name="Test rule").update(active=False, order=99)
    sync_rules()

    rule = BusinessRule.objects.get(name="Test rule")
    assert (rule.active, rule.order, rule.event) == (False, 5, "test.happened")
