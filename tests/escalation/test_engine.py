"""Runs are planned once, carried out whole or not at all, and explain themselves."""

import threading
from typing import Any

import pytest
from django.db import connection, connections

from core.actor import actor_of
from core.changes import MovedOn
from core.scope import everything
from escalation.actions import carry_out, escalate, retry_run
from escalation.models import Flow, Message, Run, SubflowStep
from escalation.queries import preview
from escalation.registry import BadOptions, parse_options, step
from incidents.actions import open_incident, update_incident
from incidents.errors import MissingField, NotAllowed, Refused
from incidents.models import Incident


@step("break_down", label="Break down (tests only)")
def break_down(context: Any, options: Any) -> str:
    raise RuntimeError("the step broke")


@pytest.fixture
def incident(db: None, base: Any, people: Any, now: Any, work: Any) -> Incident:
    return _open(people, now, work)


def _open(people: Any, now: Any, work: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Edge down",
        values={"category": "sd_wan", "subcategory": "device_failure"},
    )
    work()
    opened.refresh_from_db()
    return opened


def test_the_preview_says_what_then_happens(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    ahead = preview(incident)
    escalate(
        incident_id=incident.pk,
        seen_stage="triage",
        notes="Power is fine",
        by=actor_of(people.nadia),
        now=now,
    )
    work()
    run = Run.objects.filter(incident=incident).latest("pk")
    incident.refresh_from_db()
    assert (ahead.subflow, ahead.group, ahead.stage) == (
        run.subflow.name,
        str(incident.assignment_group),
        incident.stage,
    )
    assert ahead.row_position == run.plan["decision"]["row"]
    assert [s["words"] for s in run.plan["steps"]] == ahead.steps_in_words
    assert [s["step"] for s in run.log] == [s["step"] for s in run.plan["steps"]]


def test_escalating_needs_a_note_a_member_and_the_stage_one_saw(
    incident: Incident, people: Any, now: Any
) -> None:
    nadia, luis = actor_of(people.nadia), actor_of(people.luis)
    common: dict[str, Any] = {"incident_id": incident.pk, "now": now}
    with pytest.raises(MissingField):
        escalate(seen_stage="triage", notes="  ", by=nadia, **common)
    with pytest.raises(NotAllowed):
        escalate(seen_stage="triage", notes="x", by=luis, **common)
    with pytest.raises(MovedOn):
        escalate(seen_stage="", notes="x", by=nadia, **common)
    assert Run.objects.filter(incident=incident).count() == 1


def test_taking_a_run_twice_is_the_same_as_once(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    run = escalate(
        incident_id=incident.pk, seen_stage="triage", notes="x", by=actor_of(people.nadia), now=now
    )
    carry_out(run_id=run.pk, now=now)
    entries = incident.journal.count()
    carry_out(run_id=run.pk, now=now)
    work()
    assert incident.journal.count() == entries
    assert incident.tasks.count() == 2


def test_a_failing_step_leaves_nothing_behind_and_can_be_retried(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    subflow = Run.objects.get(incident=incident).subflow
    next_up = preview(incident).subflow
    assert next_up != subflow.name
    broken = SubflowStep.objects.create(
        subflow=subflow.__class__.objects.get(name=next_up), position=99, step="break_down"
    )
    run = escalate(
        incident_id=incident.pk, seen_stage="triage", notes="x", by=actor_of(people.nadia), now=now
    )
    work()
    run.refresh_from_db()
    incident.refresh_from_db()
    assert (run.state, incident.stage) == ("failed", "triage")
    assert "the step broke" in run.error
    assert incident.tasks.filter(closed_at=None).get().stage == "triage"
    broken.delete()
    run.plan["steps"].pop()
    run.save()
    retry_run(run_id=run.pk, by=actor_of(people.ada), now=now)
    work()
    incident.refresh_from_db()
    assert incident.stage == "l1"


def test_editing_a_message_changes_the_next_run_and_no_earlier_note(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    run = escalate(
        incident_id=incident.pk, seen_stage="triage", notes="x", by=actor_of(people.nadia), now=now
    )
    Message.objects.filter(key="sd_wan.device_failure.l1").update(text="New words")
    work()
    note = incident.journal.filter(kind="instructions").latest("pk")
    assert note.text != "New words"
    assert run.plan["message"]["text"][:20] in note.text or "[" in note.text
    other = _open(people, now, work)
    escalate(
        incident_id=other.pk, seen_stage="triage", notes="x", by=actor_of(people.nadia), now=now
    )
    work()
    assert other.journal.filter(kind="instructions").latest("pk").text == "New words"


def test_a_switched_off_flow_starts_nothing(
    base: Any, db: None, people: Any, now: Any, work: Any
) -> None:
    Flow.objects.filter(subcategory="device_failure").update(active=False)
    incident = _open(people, now, work)
    assert incident.stage == ""
    assert not incident.tasks.exists()


def test_other_categories_trigger_nothing(
    base: Any, db: None, people: Any, now: Any, work: Any
) -> None:
    incident = open_incident(by=actor_of(people.nadia), now=now, short_description="A question")
    work()
    incident.refresh_from_db()
    assert incident.stage == ""
    with pytest.raises(Refused, match="No workflow"):
        escalate(
            incident_id=incident.pk, seen_stage="", notes="x", by=actor_of(people.nadia), now=now
        )


def test_a_category_given_later_starts_the_flow(
    base: Any, db: None, people: Any, now: Any, work: Any
) -> None:
    incident = open_incident(by=actor_of(people.nadia), now=now, short_description="A link")
    values = {"category": "sd_wan", "subcategory": "link_failure"}
    update_incident(incident_id=incident.pk, values=values, by=actor_of(people.nadia), now=now)
    work()
    incident.refresh_from_db()
    assert incident.stage == "triage"


def test_a_reopened_incident_goes_back_to_its_stage(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    nadia = actor_of(people.nadia)
    solution = {"resolution_code": "solved_permanently", "resolution_notes": "Done"}
    update_incident(
        incident_id=incident.pk, values={**solution, "state": "resolved"}, by=nadia, now=now
    )
    work()
    update_incident(incident_id=incident.pk, values={"state": "in_progress"}, by=nadia, now=now)
    work()
    incident.refresh_from_db()
    assert (incident.stage, incident.reopen_count) == ("triage", 1)
    assert incident.tasks.filter(closed_at=None).count() == 1


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("enter_stage", {}),
        ("enter_stage", {"stage": "l9"}),
        ("enter_stage", {"stage": 1}),
        ("hand_over", {"grup": "L1"}),
        ("no_such_step", {}),
    ],
)
def test_a_typo_in_a_step_is_an_error_when_it_is_saved(name: str, options: Any) -> None:
    with pytest.raises(BadOptions):
        parse_options(name, options)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_clicks_make_one_escalation(base: Any, people: Any, now: Any, work: Any) -> None:
    incident = _open(people, now, work)
    outcomes: list[str] = []
    barrier = threading.Barrier(20)

    def click() -> None:
        try:
            barrier.wait(30)
            for _ in range(5):
                outcomes.append(_try(incident, people, now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    incident.refresh_from_db()
    assert outcomes.count("escalated") == 1
    assert len(outcomes) == 100
    assert incident.stage == "l1"
    assert incident.tasks.count() == 2
    assert connection.is_usable()


def _try(incident: Incident, people: Any, now: Any) -> str:
    with everything():
        try:
            escalate(
                incident_id=incident.pk,
                seen_stage="triage",
                notes="click",
                by=actor_of(people.nadia),
                now=now,
            )
        except MovedOn:
            return "moved on"
    return "escalated"
