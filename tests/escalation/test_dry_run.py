"""A dry run does everything and leaves nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Case
from changes.models import ChangeRequest
from core.actor import actor_of
from core.models import Delivery, DomainEvent
from escalation.actions import escalate
from escalation.conditions import Condition
from escalation.designs import StepDesign
from escalation.dry_run import dry_run
from escalation.models import Run, Subflow
from escalation.planning import design_of
from incidents.models import Incident, IncidentTask, Problem, WorkOrder
from notifications.models import InboxItem

pytestmark = pytest.mark.django_db
TOUCHED: tuple[Any, ...] = (
    Run,
    DomainEvent,
    Delivery,
    Problem,
    WorkOrder,
    ChangeRequest,
    IncidentTask,
    Case,
    InboxItem,
)
ANY_STEPS = (
    StepDesign("close_open_task"),
    StepDesign("open_task"),
    StepDesign("hand_over", {"group": "L3 Network Engineering"}),
    StepDesign("enter_stage", {"stage": "l2"}),
    StepDesign("set_field", {"field": "impact", "value": "1"}),
    StepDesign("post_message"),
    StepDesign("needs_attention"),
    StepDesign("notify_group", {"group": "L2 Network Engineering"}),
    StepDesign("notify_role", {"role": "admin"}),
    StepDesign("create_problem"),
    StepDesign("create_change"),
    StepDesign("create_work_order"),
    StepDesign("refresh_impact"),
    StepDesign("raise_cases", {"form": "individual"}),
    StepDesign("call_subflow", {"subflow": "link_failure_l2"}),
    StepDesign("wait_for_next_stage"),
)
# A sequence gives no number back; the series of a number a step used first may be new.
COUNTERS = {"core.numberseries"}


def everything_there() -> dict[str, list[Any]]:
    """Return every row of every table of ours."""
    ours = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return {
        model._meta.label_lower: sorted(map(str, model._base_manager.values_list()))
        for model in ours
        if model._meta.label_lower not in COUNTERS
    }


def test_no_subflow_writes_anything(
    device_incident: Incident, topology: Any, people: Any, now: datetime
) -> None:
    device_incident.ci = topology.controller
    device_incident.save()
    before = everything_there()
    waiting = len(connection.run_on_commit)
    worked = set()
    for subflow in Subflow.objects.select_related("group"):
        found = dry_run(
            subflow=subflow, incident_id=device_incident.pk, by=actor_of(people.ada), now=now
        )
        if found.works:
            worked.add(subflow.key)
            assert found.steps
    assert {"device_failure_l1", "link_failure_l3", "cases_major"} <= worked
    assert everything_there() == before
    assert len(connection.run_on_commit) == waiting


@given(
    chosen=st.lists(st.sampled_from(ANY_STEPS), min_size=1, max_size=6),
    unmet=st.sets(st.integers(0, 5)),
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_composition_of_steps_writes_anything(
    device_incident: Incident,
    people: Any,
    now: datetime,
    chosen: list[StepDesign],
    unmet: set[int],
) -> None:
    never = (Condition("stage", "is", "l3"),)
    steps = tuple(
        replace(each, conditions=never) if n in unmet else each for n, each in enumerate(chosen)
    )
    l1 = Subflow.objects.get(key="device_failure_l1")
    before = (device_incident.journal.count(), *(model.objects.count() for model in TOUCHED))
    found = dry_run(
        subflow=l1,
        incident_id=device_incident.pk,
        by=actor_of(people.ada),
        now=now,
        design=replace(design_of(l1), steps=steps),
    )
    after = (device_incident.journal.count(), *(model.objects.count() for model in TOUCHED))
    assert after == before
    assert found.works == all(step.outcome != "failed" for step in found.steps)
    # A step of a called subflow is left out with its call.
    assert unmet or "left out" not in [step.outcome for step in found.steps]


def test_it_says_what_then_happens(
    device_incident: Incident, people: Any, now: datetime, work: Any
) -> None:
    l1 = Subflow.objects.get(key="device_failure_l1")
    ahead = dry_run(subflow=l1, incident_id=device_incident.pk, by=actor_of(people.ada), now=now)
    run = escalate(
        incident_id=device_incident.pk,
        seen_stage="triage",
        notes="x",
        by=actor_of(people.nadia),
        now=now,
    )
    work()
    run.refresh_from_db()
    assert [step.words for step in ahead.steps] == [step["words"] for step in run.plan["steps"]]
    instructions = [entry.text for entry in ahead.entries if entry.kind == "instructions"]
    assert instructions == [device_incident.journal.filter(kind="instructions").latest("pk").text]


def test_a_draft_is_tried_without_being_published(
    device_incident: Incident, people: Any, now: datetime
) -> None:
    l1 = Subflow.objects.get(key="device_failure_l1")
    design = replace(design_of(l1), steps=(StepDesign("create_problem"),))
    found = dry_run(
        subflow=l1,
        incident_id=device_incident.pk,
        by=actor_of(people.ada),
        now=now,
        design=design,
    )
    assert [step.outcome for step in found.steps] == ["done"]
    assert found.steps[0].did.startswith("Created PRB")
    assert design_of(l1) != design


def test_the_step_that_fails_is_named_and_the_transaction_lives(
    device_incident: Incident, people: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    l1 = Subflow.objects.get(key="device_failure_l1")
    # A second open task of the workflow is what the database forbids, were the first not closed.
    monkeypatch.setattr("incidents.actions.close_stage_task", lambda **_: None)
    steps = (StepDesign("open_task"), StepDesign("needs_attention"))
    with transaction.atomic():
        found = dry_run(
            subflow=l1,
            incident_id=device_incident.pk,
            by=actor_of(people.ada),
            now=now,
            design=replace(design_of(l1), steps=steps),
        )
        assert Incident.objects.filter(pk=device_incident.pk).exists()
    assert not found.works
    assert [step.outcome for step in found.steps] == ["failed"]
    assert "one_open_task_per_incident" in found.steps[0].did


def test_a_resolved_incident_is_not_tried_with_a_stage(
    device_incident: Incident, people: Any, now: datetime
) -> None:
    Incident.objects.filter(pk=device_incident.pk).update(state="resolved")
    found = dry_run(
        subflow=Subflow.objects.get(key="device_failure_l1"),
        incident_id=device_incident.pk,
        by=actor_of(people.ada),
        now=now,
    )
    assert found.reason == f"{device_incident.number} is Resolved."


def test_what_cannot_be_planned_is_said(
    device_incident: Incident, people: Any, now: datetime
) -> None:
    l1 = Subflow.objects.get(key="device_failure_l1")
    escalate(
        incident_id=device_incident.pk,
        seen_stage="triage",
        notes="x",
        by=actor_of(people.nadia),
        now=now,
    )
    found = dry_run(subflow=l1, incident_id=device_incident.pk, by=actor_of(people.ada), now=now)
    assert "under way" in found.reason
    assert not found.works
