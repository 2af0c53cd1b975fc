"""Incidents: opening, changing, resolving, and what their rules do."""

from typing import Any

import pytest

from core.actor import actor_of
from core.changes import MovedOn
from core.models import BusinessRule
from incidents.actions import (
    add_affected_account,
    add_work_note,
    exclude_account,
    open_incident,
    refresh_impact,
    resolve_incident,
    update_incident,
)
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import AffectedAccount, Incident, PriorityRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(base: Any, people: Any, now: Any) -> Any:
    def make(**values: Any) -> Incident:
        return open_incident(
            by=actor_of(people.nadia), now=now, short_description="Something", values=values
        )

    return make


MATRIX = [(1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 2), (2, 2, 3), (2, 3, 4)]
MATRIX += [(3, 1, 3), (3, 2, 4), (3, 3, 5)]


@pytest.mark.parametrize(("impact", "urgency", "priority"), MATRIX)
def test_the_nine_cells_of_the_priority_matrix(
    opened: Any, impact: int, urgency: int, priority: int
) -> None:
    assert opened(impact=impact, urgency=urgency).priority == priority


def test_the_matrix_is_data(opened: Any, people: Any, now: Any) -> None:
    incident = opened(impact=1, urgency=1)
    PriorityRule.objects.filter(impact=2, urgency=1).update(priority=1)
    changed = update_incident(
        incident_id=incident.pk, values={"impact": 2}, by=actor_of(people.nadia), now=now
    )
    assert changed.priority == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [({"category": "nonsense"}, "category"), ({"subcategory": "x"}, "subcategory")],
)
def test_an_unknown_category_is_refused(opened: Any, values: Any, field: str) -> None:
    with pytest.raises(MissingField) as caught:
        opened(**values)
    assert caught.value.field == field


def test_a_title_is_needed(base: Any, people: Any, now: Any) -> None:
    with pytest.raises(MissingField):
        open_incident(by=actor_of(people.nadia), now=now, short_description="  ")
    assert not Incident.objects.exists()


def test_a_new_group_clears_the_assignee(opened: Any, people: Any, groups: Any, now: Any) -> None:
    incident = opened(assignment_group=groups.coordinators, assigned_to=people.nadia)
    changed = update_incident(
        incident_id=incident.pk,
        values={"assignment_group": groups.l1},
        by=actor_of(people.nadia),
        now=now,
    )
    assert changed.assigned_to is None
    assert changed.reassignment_count == 1


def test_whoever_was_slower_changes_nothing(opened: Any, people: Any, now: Any) -> None:
    incident = opened()
    by = actor_of(people.nadia)
    update_incident(incident_id=incident.pk, values={"description": "first"}, by=by, now=now)
    with pytest.raises(MovedOn):
        update_incident(
            incident_id=incident.pk,
            values={"description": "second"},
            by=by,
            now=now,
            seen_version=incident.version,
        )
    incident.refresh_from_db()
    assert incident.description == "first"


def test_resolving_needs_code_and_notes(opened: Any, people: Any, now: Any) -> None:
    incident = opened()
    with pytest.raises(MissingField):
        resolve_incident(
            incident_id=incident.pk, code="", notes="x", by=actor_of(people.nadia), now=now
        )
    with pytest.raises(MissingField):
        update_incident(
            incident_id=incident.pk,
            values={"state": "resolved", "resolution_code": "solved_permanently"},
            by=actor_of(people.nadia),
            now=now,
        )
    incident.refresh_from_db()
    assert incident.state == "new"


def test_a_closed_incident_stays_closed(opened: Any, people: Any, now: Any) -> None:
    incident, by = opened(), actor_of(people.nadia)
    resolve_incident(incident_id=incident.pk, code="solved_permanently", notes="x", by=by, now=now)
    update_incident(incident_id=incident.pk, values={"state": "closed"}, by=by, now=now)
    with pytest.raises(IllegalMove):
        update_incident(incident_id=incident.pk, values={"description": "x"}, by=by, now=now)


def test_on_hold_needs_its_reason(opened: Any, people: Any, now: Any) -> None:
    incident, by = opened(), actor_of(people.nadia)
    with pytest.raises(MissingField):
        update_incident(incident_id=incident.pk, values={"state": "on_hold"}, by=by, now=now)
    held = update_incident(
        incident_id=incident.pk,
        values={"state": "on_hold", "hold_reason": "awaiting_vendor"},
        by=by,
        now=now,
    )
    assert held.state == "on_hold"


def test_the_machines_fields_cannot_be_set(opened: Any, people: Any, now: Any) -> None:
    incident = opened()
    for field in ("stage", "number", "priority", "domain", "uid"):
        with pytest.raises(Refused, match=field):
            update_incident(
                incident_id=incident.pk, values={field: "x"}, by=actor_of(people.nadia), now=now
            )


def test_stage_and_state_are_protected(opened: Any) -> None:
    incident = opened()
    with pytest.raises(AttributeError):
        incident.stage = "l3"
    with pytest.raises(AttributeError):
        incident.state = "closed"


class TestNeedsAttention:
    @pytest.fixture
    def incident(self, opened: Any, work: Any) -> Incident:
        made: Incident = opened(category="sd_wan", subcategory="link_failure")
        work()
        made.refresh_from_db()
        assert made.needs_attention
        return made

    def _save(self, incident: Incident, user: Any, now: Any) -> bool:
        by = actor_of(user)
        update_incident(incident_id=incident.pk, values={}, by=by, now=now)
        incident.refresh_from_db()
        return incident.needs_attention

    def test_a_member_who_saves_switches_it_off(
        self, incident: Incident, people: Any, now: Any
    ) -> None:
        assert self._save(incident, people.nadia, now) is False

    def test_somebody_elses_save_leaves_it_on(
        self, incident: Incident, people: Any, now: Any
    ) -> None:
        assert self._save(incident, people.luis, now) is True

    def test_the_rule_can_be_switched_off(self, incident: Incident, people: Any, now: Any) -> None:
        BusinessRule.objects.filter(name="Set Needs Attention False").update(active=False)
        assert self._save(incident, people.nadia, now) is True


class TestTaskMirrorsTheIncident:
    @pytest.fixture
    def incident(self, opened: Any, work: Any) -> Incident:
        made: Incident = opened(category="sd_wan", subcategory="link_failure")
        work()
        return made

    def test_title_priority_and_assignee_follow(
        self, incident: Incident, people: Any, now: Any
    ) -> None:
        values = {
            "short_description": "New",
            "impact": 1,
            "urgency": 1,
            "assigned_to": people.nadia,
        }
        update_incident(incident_id=incident.pk, values=values, by=actor_of(people.nadia), now=now)
        task = incident.tasks.get()
        assert (task.short_description, task.priority) == ("New", 1)
        assert task.assigned_to == people.nadia

    def test_only_notes_of_the_assigned_people_are_copied(
        self, incident: Incident, people: Any, now: Any
    ) -> None:
        for user in (people.nadia, people.mei):
            text = f"by {user.username}"
            add_work_note(incident_id=incident.pk, text=text, by=actor_of(user), now=now)
        texts = set(incident.tasks.get().journal.values_list("text", flat=True))
        assert f"by {people.nadia.username}" in texts
        assert f"by {people.mei.username}" not in texts

    def test_a_switched_off_rule_copies_nothing(
        self, incident: Incident, people: Any, now: Any
    ) -> None:
        BusinessRule.objects.filter(name="Sync to tsm incident task").update(active=False)
        values = {"short_description": "New"}
        update_incident(incident_id=incident.pk, values=values, by=actor_of(people.nadia), now=now)
        assert incident.tasks.get().short_description == "Something"


class TestImpact:
    def test_changing_the_item_replaces_found_rows_and_keeps_added_ones(
        self, opened: Any, topology: Any, people: Any, now: Any
    ) -> None:
        by = actor_of(people.nadia)
        incident = opened(ci=topology.controller)
        assert incident.affected_accounts.count() == 5
        add_affected_account(
            incident_id=incident.pk, account_id=topology.other_account.pk, by=by, now=now
        )
        update_incident(
            incident_id=incident.pk, values={"ci": topology.lonely_item}, by=by, now=now
        )
        rows = list(AffectedAccount.objects.filter(incident=incident))
        assert [row.account for row in rows] == [topology.other_account]
        assert incident.impacted_services.count() == 0
        note = incident.journal.filter(text__contains="−6 services").get()
        assert "No data because" in note.text

    def test_every_account_says_why(self, opened: Any, topology: Any) -> None:
        incident = opened(ci=topology.controller)
        for row in incident.affected_accounts.all():
            assert row.path[0] == topology.controller.pk
            assert len(row.path) > 1

    def test_refreshing_twice_changes_nothing(
        self, opened: Any, topology: Any, people: Any, now: Any
    ) -> None:
        incident = opened(ci=topology.controller)
        diff = refresh_impact(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
        assert not diff
        assert diff.sentence() == "Impact refreshed: +0 −0 services, +0 −0 accounts."

    def test_an_account_can_be_left_out_with_a_reason(
        self, opened: Any, topology: Any, people: Any, now: Any
    ) -> None:
        incident = opened(ci=topology.controller)
        account = incident.affected_accounts.first().account
        by = actor_of(people.nadia)
        exclude_account(
            incident_id=incident.pk, account_id=account.pk, reason="Test line", by=by, now=now
        )
        refresh_impact(incident_id=incident.pk, by=by, now=now)
        row = incident.affected_accounts.get(account=account)
        assert (row.excluded, row.excluded_reason) == (True, "Test line")
        assert row.excluded_by == by.name

    def test_rows_keep_how_hard_they_are_hit_and_by_which_installed_item(
        self, opened: Any, topology: Any
    ) -> None:
        incident = opened(ci=topology.controller)
        assert {s.effect for s in incident.impacted_services.all()} == {"down"}
        for row in incident.affected_accounts.select_related("install_base_item"):
            assert row.effect == "down"
            assert row.install_base_item.account_id == row.account_id

    def test_an_account_added_by_hand_keeps_its_reason_over_a_refresh(
        self, opened: Any, topology: Any, people: Any, now: Any
    ) -> None:
        incident = opened(ci=topology.controller)
        by, account = actor_of(people.nadia), topology.other_account
        add_affected_account(
            incident_id=incident.pk, account_id=account.pk, reason="They called", by=by, now=now
        )
        refresh_impact(incident_id=incident.pk, by=by, now=now)
        row = incident.affected_accounts.get(account=account)
        assert (row.manual, row.added_reason, row.effect) == (True, "They called", "")
        assert incident.journal.filter(text__contains="Why: They called").count() == 1
