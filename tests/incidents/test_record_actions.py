"""Linking incidents, ticking off instructions, proposing as major, watching."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.actor import Actor, actor_of
from core.models import Domain, User
from incidents import actions
from incidents.checklist import boxes_of
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import Incident, IncidentEntry, RunbookTick
from notifications.models import InboxItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(people: Any) -> Actor:
    return actor_of(people.nadia)


@pytest.fixture
def two(by: Actor, now: datetime) -> tuple[Incident, Incident]:
    one, other = (
        actions.open_incident(by=by, now=now, short_description=text, values={})
        for text in ("Edge down", "Edge is down")
    )
    return one, other


def test_a_duplicate_gets_its_parent_and_both_sides_say_so(
    two: tuple[Incident, Incident], by: Actor, now: datetime
) -> None:
    one, other = two
    for _ in range(2):
        actions.link_duplicate(incident_id=one.pk, parent_id=other.pk, by=by, now=now)
    one.refresh_from_db()
    assert one.parent == other
    assert one.journal.filter(text=f"Duplicate of {other.number}.").count() == 1
    assert other.journal.filter(text__startswith=f"{one.number} is a duplicate").count() == 1


def test_incidents_are_never_each_others_parent(
    two: tuple[Incident, Incident], by: Actor, now: datetime
) -> None:
    one, other = two
    actions.link_duplicate(incident_id=one.pk, parent_id=other.pk, by=by, now=now)
    with pytest.raises(Refused, match="below"):
        actions.link_duplicate(incident_id=other.pk, parent_id=one.pk, by=by, now=now)
    with pytest.raises(Refused, match="itself"):
        actions.link_duplicate(incident_id=one.pk, parent_id=one.pk, by=by, now=now)


def test_related_incidents_are_related_once_and_from_both_sides(
    two: tuple[Incident, Incident], by: Actor, now: datetime
) -> None:
    one, other = two
    assert actions.link_related(incident_id=one.pk, other_id=other.pk, by=by, now=now)
    assert not actions.link_related(incident_id=other.pk, other_id=one.pk, by=by, now=now)
    for incident in two:
        assert incident.journal.filter(text__startswith="Related to").count() == 1


def test_a_ticked_line_keeps_who_did_it_first(
    two: tuple[Incident, Incident], by: Actor, now: datetime, people: Any
) -> None:
    incident, other = two
    text = "Do:\n- [ ] ping\n- [x] look\n```\n- [ ] no box\n```\n"
    entry = actions.add_system_note(
        incident_id=incident.pk,
        text=text,
        by=by,
        now=now,
        kind=IncidentEntry.Kind.INSTRUCTIONS,
    )
    assert boxes_of(text) == ["ping", "look"]
    known: dict[str, Any] = {"entry_id": entry.pk, "now": now}
    luis = actor_of(people.luis)
    actions.tick_line(incident_id=incident.pk, line=0, done=True, by=by, **known)
    actions.tick_line(incident_id=incident.pk, line=0, done=True, by=luis, **known)
    assert RunbookTick.objects.get().user == people.nadia
    for where, line in ((incident, 2), (incident, -1), (other, 0)):
        with pytest.raises(Refused):
            actions.tick_line(incident_id=where.pk, line=line, done=True, by=by, **known)
    actions.tick_line(incident_id=incident.pk, line=0, done=False, by=luis, **known)
    assert not RunbookTick.objects.exists()


def test_a_proposal_tells_the_managers_of_the_domain_once(
    two: tuple[Incident, Incident], by: Actor, now: datetime, people: Any, work: Callable[[], None]
) -> None:
    incident = two[0]
    far = Domain.objects.create(name="Elsewhere", parent_id=1)
    stranger = User.objects.create_user("stranger", domain=far)
    stranger.assignment_groups.set(people.kim.assignment_groups.all())
    with pytest.raises(MissingField):
        actions.propose_major(incident_id=incident.pk, reason=" ", by=by, now=now)
    actions.propose_major(incident_id=incident.pk, reason="5 accounts", by=by, now=now)
    with pytest.raises(Refused):
        actions.propose_major(incident_id=incident.pk, reason="again", by=by, now=now)
    work()
    told = InboxItem.objects.filter(text__contains="proposed as major")
    assert [item.user for item in told] == [people.kim]


def test_a_canceled_incident_is_not_proposed(
    two: tuple[Incident, Incident], by: Actor, now: datetime
) -> None:
    incident = two[0]
    actions.update_incident(incident_id=incident.pk, values={"state": "canceled"}, by=by, now=now)
    with pytest.raises(IllegalMove):
        actions.propose_major(incident_id=incident.pk, reason="late", by=by, now=now)


def test_watching_twice_is_watching_once(two: tuple[Incident, Incident], people: Any) -> None:
    for _ in range(2):
        actions.watch(incident_id=two[0].pk, user=people.luis)
    assert list(two[0].watch_list.all()) == [people.luis]
    actions.unwatch(incident_id=two[0].pk, user=people.luis)
    assert not two[0].watch_list.exists()


def test_leaving_on_hold_forgets_when_to_look_again(
    two: tuple[Incident, Incident], by: Actor, now: datetime
) -> None:
    held = {"state": "on_hold", "hold_reason": "awaiting_vendor", "follow_up_at": now}
    incident = actions.update_incident(incident_id=two[0].pk, values=held, by=by, now=now)
    assert incident.follow_up_at == now
    back = {"state": "in_progress"}
    incident = actions.update_incident(incident_id=two[0].pk, values=back, by=by, now=now)
    assert incident.follow_up_at is None
