"""Each step does one thing, at most once, under its conditions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.actor import SYSTEM, actor_of
from escalation.actions import carry_out
from escalation.composing import change_draft, copy_subflow, publish_draft
from escalation.conditions import Condition
from escalation.designs import StepDesign
from escalation.engine import plan_run
from escalation.models import Run, Subflow
from escalation.registry import step_kind, step_names
from incidents.models import Incident, Problem, WorkOrder
from notifications.models import InboxItem

pytestmark = pytest.mark.django_db
Do = Callable[..., Run]


@pytest.fixture
def do(people: Any, device_incident: Incident, now: datetime, work: Callable[[], None]) -> Do:
    """Return what publishes a subflow of the given steps and carries it out."""
    ada = actor_of(people.ada)
    made: list[Subflow] = []

    def carry(*steps: StepDesign) -> Run:
        key = f"test_{len(made)}"
        draft = copy_subflow(subflow_id=None, name=key, key=key, by=ada)
        for each in steps:
            draft = change_draft(
                version_id=draft.pk,
                seen_revision=draft.revision,
                change=lambda design, each=each: design.with_step(each),
                by=ada,
            )
        publish_draft(
            version_id=draft.pk, seen_revision=draft.revision, comment="Test", by=ada, now=now
        )
        made.append(Subflow.objects.get(key=key))
        run = plan_run(incident=device_incident, subflow=made[-1], by=SYSTEM, now=now)
        carry_out(run_id=run.pk, now=now)
        work()
        run.refresh_from_db()
        device_incident.refresh_from_db()
        assert run.state == "done", run.error
        return run

    return carry


def test_records_are_opened_once(do: Do, device_incident: Incident) -> None:
    steps = (
        StepDesign("create_problem", {"title": "Why {{ incident.number }}?"}),
        StepDesign("create_change", {"kind": "emergency"}),
        StepDesign("create_work_order", {"kind": "vendor"}),
    )
    do(*steps)
    again = do(*steps)
    assert device_incident.problem is not None
    assert device_incident.problem.short_description == f"Why {device_incident.number}?"
    assert device_incident.change_request is not None
    assert device_incident.change_request.kind == "emergency"
    assert WorkOrder.objects.get(incident=device_incident).kind == "vendor"
    assert Problem.objects.count() == 1
    assert all("already" in each["did"] for each in again.log)


def test_a_field_is_set_and_the_priority_follows(do: Do, device_incident: Incident) -> None:
    do(
        StepDesign("set_field", {"field": "impact", "value": "1"}),
        StepDesign("set_field", {"field": "urgency", "value": "1"}),
        StepDesign("set_field", {"field": "probable_cause", "value": "{{ incident.number }}"}),
    )
    assert (device_incident.impact, device_incident.priority) == (1, 1)
    assert device_incident.probable_cause == device_incident.number


def test_a_step_is_left_out_where_its_condition_does_not_hold(
    do: Do, device_incident: Incident
) -> None:
    urgent = (Condition("priority", "at_most", "1"),)
    run = do(
        StepDesign("create_problem", {}, urgent),
        StepDesign("create_work_order", {}, (Condition("stage", "is", "triage"),)),
        StepDesign("create_change", {}, active=False),
    )
    assert device_incident.problem is None
    assert device_incident.work_orders.count() == 1
    assert run.log[0]["left_out"] is True
    assert "priority is at most 1" in run.log[0]["did"]
    assert len(run.log) == 2
    assert "if priority is at most 1" in run.plan["steps"][0]["words"]


def test_a_called_subflow_is_planned_step_by_step(do: Do, device_incident: Incident) -> None:
    do(StepDesign("create_problem"), StepDesign("create_change"))
    run = do(
        StepDesign("call_subflow", {"subflow": "test_0"}, (Condition("stage", "is", "triage"),)),
        StepDesign("needs_attention"),
    )
    assert [each["of"] for each in run.plan["steps"]] == ["test_0", "test_0", "test_1"]
    assert run.plan["steps"][0]["conditions"][0]["fact"] == "stage"
    assert "already" in run.log[0]["did"]


def test_a_group_and_a_role_are_called(do: Do, device_incident: Incident, people: Any) -> None:
    InboxItem.objects.all().delete()
    do(
        StepDesign("notify_group", {"group": "L2 Network Engineering"}),
        StepDesign("notify_role", {"role": "sn_majorissue_mgt.major_issue_manager"}),
    )
    told = set(InboxItem.objects.values_list("user__username", flat=True))
    assert told == {"mei", "kim"}


def test_cases_are_raised_only_where_somebody_is_affected(do: Do, topology: Any) -> None:
    run = do(StepDesign("raise_cases", {"form": "major"}))
    assert "no case is raised" in run.log[0]["did"]


def test_another_message_is_frozen_with_the_plan(do: Do, device_incident: Incident) -> None:
    run = do(StepDesign("post_message", {"key": "sd_wan.link_failure.l3"}))
    assert run.plan["messages"]["sd_wan.link_failure.l3"]["version"] == 1
    note = device_incident.journal.filter(kind="instructions").latest("pk")
    assert "link" in note.text.lower()


def test_every_step_says_in_words_what_it_is(base: None) -> None:
    assert len(step_names()) >= 16
    for name in step_names():
        kind = step_kind(name)
        assert "{" not in kind.title, name
