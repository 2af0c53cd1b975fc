"""Subflows are drafted, published with a comment, restored; what is published stays (C.6)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from core.actor import Actor, actor_of
from core.changes import MovedOn
from core.errors import MissingField, Refused
from escalation.actions import escalate
from escalation.checking import check_design
from escalation.composing import (
    change_draft,
    copy_subflow,
    discard_draft,
    publish_draft,
    start_draft,
    switch_subflow,
)
from escalation.conditions import Condition
from escalation.designs import Design, StepDesign, read_design
from escalation.models import Run, Subflow, SubflowVersion
from escalation.planning import design_of
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(people: Any) -> Actor:
    return actor_of(people.ada)


@pytest.fixture
def l1(base: None) -> Subflow:
    return Subflow.objects.get(key="device_failure_l1")


def _publish(subflow: Subflow, change: Any, ada: Actor, now: datetime) -> SubflowVersion:
    draft = start_draft(subflow_id=subflow.pk, by=ada)
    draft = change_draft(version_id=draft.pk, seen_revision=draft.revision, change=change, by=ada)
    return publish_draft(
        version_id=draft.pk, seen_revision=draft.revision, comment="New", by=ada, now=now
    )


def _without_badge(design: Design) -> Design:
    steps = tuple(each for each in design.steps if each.step != "needs_attention")
    return replace(design, steps=steps)


def test_every_shipped_subflow_has_its_first_version_and_no_fault(base: None) -> None:
    for subflow in Subflow.objects.select_related("group"):
        version = subflow.versions.get()
        assert (version.number, version.state, subflow.version) == (1, "published", 1)
        assert read_design(version.design) == design_of(subflow)
        findings = check_design(design_of(subflow), key=subflow.key)
        assert findings == [], f"{subflow}: {findings}"


def test_a_draft_changes_nothing_until_it_is_published(
    l1: Subflow, ada: Actor, now: datetime
) -> None:
    before = design_of(l1)
    draft = start_draft(subflow_id=l1.pk, by=ada)
    draft = change_draft(version_id=draft.pk, seen_revision=1, change=_without_badge, by=ada)
    assert design_of(l1) == before
    publish_draft(version_id=draft.pk, seen_revision=2, comment="No badge", by=ada, now=now)
    l1.refresh_from_db()
    assert (l1.version, design_of(l1)) == (2, _without_badge(before))
    states = dict(l1.versions.values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}


def test_a_published_version_is_never_edited(l1: Subflow, ada: Actor, now: datetime) -> None:
    version = l1.versions.get()
    with pytest.raises(Refused):
        change_draft(version_id=version.pk, seen_revision=1, change=_without_badge, by=ada)
    with pytest.raises(Refused):
        discard_draft(version_id=version.pk)
    version.design = {}
    with pytest.raises(Refused):
        version.save()
    assert l1.versions.get().design != {}


def test_restoring_makes_a_new_version_of_an_old_one(
    l1: Subflow, ada: Actor, now: datetime
) -> None:
    first = design_of(l1)
    _publish(l1, _without_badge, ada, now)
    draft = start_draft(subflow_id=l1.pk, by=ada, from_number=1)
    publish_draft(version_id=draft.pk, seen_revision=1, comment="Back", by=ada, now=now)
    l1.refresh_from_db()
    assert (l1.version, design_of(l1)) == (3, first)


def test_nobody_overwrites_what_he_has_not_seen(l1: Subflow, ada: Actor, now: datetime) -> None:
    draft = start_draft(subflow_id=l1.pk, by=ada)
    assert start_draft(subflow_id=l1.pk, by=ada) == draft
    change_draft(version_id=draft.pk, seen_revision=1, change=lambda d: d.without(0), by=ada)
    with pytest.raises(MovedOn):
        change_draft(version_id=draft.pk, seen_revision=1, change=lambda d: d.without(0), by=ada)
    with pytest.raises(MovedOn):
        publish_draft(version_id=draft.pk, seen_revision=1, comment="x", by=ada, now=now)
    with pytest.raises(Refused):
        start_draft(subflow_id=l1.pk, by=ada, from_number=1)
    discard_draft(version_id=draft.pk)
    assert l1.versions.count() == 1


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (StepDesign("no_such_step"), "no step"),
        (StepDesign("hand_over", {"group": "Nobody"}), "no 'Nobody'"),
        (StepDesign("set_field", {"field": "state", "value": "closed"}), "no field"),
        (StepDesign("set_field", {"field": "impact", "value": "9"}), "no level"),
        (StepDesign("create_problem", {"title": "{{ ci.secret }}"}), "ci.secret"),
        (StepDesign("call_subflow", {"subflow": "device_failure_l1"}), "call itself"),
        (StepDesign("open_task", {}, (Condition("moon", "is", "full"),)), "no fact"),
        (StepDesign("open_task", {}, (Condition("impact", "is", "7"),)), "never 7"),
    ],
)
def test_a_design_that_cannot_work_is_not_published(
    l1: Subflow, ada: Actor, now: datetime, step: StepDesign, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        _publish(l1, lambda design: design.with_step(step), ada, now)
    l1.refresh_from_db()
    assert l1.version == 1


def test_publishing_needs_a_comment(l1: Subflow, ada: Actor, now: datetime) -> None:
    draft = start_draft(subflow_id=l1.pk, by=ada)
    with pytest.raises(MissingField):
        publish_draft(version_id=draft.pk, seen_revision=1, comment=" ", by=ada, now=now)


def test_a_run_keeps_the_version_it_was_planned_with(
    l1: Subflow, ada: Actor, device_incident: Incident, people: Any, now: datetime, work: Any
) -> None:
    run = escalate(
        incident_id=device_incident.pk,
        seen_stage="triage",
        notes="x",
        by=actor_of(people.nadia),
        now=now,
    )
    _publish(l1, _without_badge, ada, now)
    work()
    run.refresh_from_db()
    assert (run.plan["version"], run.state) == (1, "done")
    assert "needs_attention" in [each["step"] for each in run.log]


def test_a_copy_runs_only_once_it_is_published(l1: Subflow, ada: Actor, now: datetime) -> None:
    draft = copy_subflow(subflow_id=l1.pk, name="MPLS down - L1", key="mpls_l1", by=ada)
    made = draft.subflow
    assert (made.active, made.version) == (False, 0)
    copied = read_design(draft.design)
    assert [s.step for s in copied.steps] == [s.step for s in design_of(l1).steps]
    assert copied.message_key == ""
    with pytest.raises(Refused):
        switch_subflow(subflow_id=made.pk, active=True, by=ada, now=now)
    publish_draft(version_id=draft.pk, seen_revision=1, comment="First", by=ada, now=now)
    made.refresh_from_db()
    assert (made.active, made.version) == (True, 1)
    with pytest.raises(Refused):
        copy_subflow(subflow_id=None, name="Other", key="mpls_l1", by=ada)


def test_a_subflow_that_is_off_is_refused_with_a_sentence(
    l1: Subflow, ada: Actor, device_incident: Incident, people: Any, now: datetime
) -> None:
    switch_subflow(subflow_id=l1.pk, active=False, by=ada, now=now)
    runs = Run.objects.count()
    with pytest.raises(Refused, match="switched off"):
        escalate(
            incident_id=device_incident.pk,
            seen_stage="triage",
            notes="x",
            by=actor_of(people.nadia),
            now=now,
        )
    assert Run.objects.count() == runs
