"""Draft, publish, copy and switch subflows; a published version is never edited again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from core.actor import Actor
from core.changes import MovedOn
from core.configuring import note_change
from core.errors import MissingField, Refused
from core.models import AssignmentGroup
from escalation.checking import check_design, faults
from escalation.designs import Design, read_design
from escalation.models import Subflow, SubflowStep, SubflowVersion
from escalation.planning import design_of

State = SubflowVersion.State


@transaction.atomic
def start_draft(*, subflow_id: int, by: Actor, from_number: int | None = None) -> SubflowVersion:
    """Return the subflow's draft, made from what runs or from an older version.

    Errors: `Refused` where there is a draft already and an older version is asked for.
    """
    subflow = _locked(subflow_id)
    draft = subflow.versions.filter(state=State.DRAFT).first()
    if draft is not None and from_number is not None:
        raise Refused(f"{draft} is being drafted; publish or discard it first.")
    if draft is not None:
        return draft
    comment, design = "", design_of(subflow).as_json()
    if from_number is not None:
        design = subflow.versions.get(number=from_number).design
        comment = f"Restores version {from_number}"
    return _new_version(subflow, design, comment=comment, written_by_id=by.user_id)


@transaction.atomic
def change_draft(
    *, version_id: int, seen_revision: int, change: Callable[[Design], Design], by: Actor
) -> SubflowVersion:
    """Change a draft by a function of designs.

    Errors: `MovedOn` when somebody changed it since, `Refused` when it is no draft any more.
    """
    draft = SubflowVersion.objects.select_for_update().select_related("subflow").get(pk=version_id)
    if draft.state != State.DRAFT:
        raise Refused(f"{draft} is published; make a new draft of it.")
    if draft.revision != seen_revision:
        raise MovedOn("Somebody else changed this draft in the meantime; look at it again.")
    try:
        draft.design = change(read_design(draft.design)).as_json()
    except IndexError as error:
        raise Refused(str(error)) from error
    draft.revision += 1
    draft.written_by_id = by.user_id
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, version_id: int) -> None:
    """Throw a draft away; `Refused` for anything that was published."""
    draft = SubflowVersion.objects.select_for_update().get(pk=version_id)
    if draft.state != State.DRAFT:
        raise Refused(f"{draft} is published and stays.")
    draft.delete()


@transaction.atomic
def publish_draft(
    *, version_id: int, seen_revision: int, comment: str, by: Actor, now: datetime
) -> SubflowVersion:
    """Let a draft run from now on; runs under way keep the version they were planned with.

    Errors: `MissingField` without a comment, `Refused` with what is wrong, `MovedOn`.
    """
    subflow = _locked(
        SubflowVersion.objects.values_list("subflow_id", flat=True).get(pk=version_id)
    )
    draft = SubflowVersion.objects.select_for_update().get(pk=version_id)
    if not comment.strip():
        raise MissingField("comment", "Say what is new; the next one who looks will ask.")
    if draft.state != State.DRAFT:
        raise Refused(f"{draft} is published already.")
    if draft.revision != seen_revision:
        raise MovedOn("Somebody else changed this draft in the meantime; look at it again.")
    design = read_design(draft.design)
    if wrong := faults(check_design(design, key=subflow.key)):
        raise Refused(" ".join(finding.text for finding in wrong))
    subflow.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    draft.state, draft.comment = State.PUBLISHED, comment.strip()[:240]
    draft.published_by_id, draft.published_at = by.user_id, now
    draft.save()
    subflow.active = subflow.active or subflow.version == 0
    put_in_force(subflow, design, draft.number)
    return draft


def put_in_force(subflow: Subflow, design: Design, number: int) -> None:
    """Write a design into the rows that run; the caller holds the transaction."""
    subflow.subcategory, subflow.stage = design.subcategory, design.stage
    subflow.group = AssignmentGroup.objects.get(name=design.group) if design.group else None
    subflow.message_key, subflow.escalate_after = design.message_key, design.escalate_after
    subflow.version = number
    subflow.save()
    subflow.steps.all().delete()
    SubflowStep.objects.bulk_create(step_rows(subflow, design))


def step_rows(subflow: Subflow, design: Design) -> list[SubflowStep]:
    """Return the rows of a design's steps, not saved."""
    return [
        SubflowStep(subflow=subflow, position=position, **each.as_json())
        for position, each in enumerate(design.steps, start=1)
    ]


@transaction.atomic
def copy_subflow(*, subflow_id: int | None, name: str, key: str, by: Actor) -> SubflowVersion:
    """Make a subflow with a draft, empty or as another one works; it runs once published.

    The copy names no message of its own yet: two levels with one text help nobody (R76).
    """
    design = Design()
    if subflow_id is not None:
        source = Subflow.objects.select_related("group").get(pk=subflow_id)
        design = _without_message(design_of(source))
    try:
        with transaction.atomic():
            made = Subflow.objects.create(name=name.strip(), key=key.strip(), active=False)
    except IntegrityError as error:
        raise Refused("There is a subflow of this name or key already.") from error
    return _new_version(made, design.as_json(), written_by_id=by.user_id)


@transaction.atomic
def switch_subflow(*, subflow_id: int, active: bool, by: Actor, now: datetime) -> Subflow:
    """Switch a subflow on or off; what is planned already is still carried out."""
    subflow = _locked(subflow_id)
    if active and subflow.version == 0:
        raise Refused(f"{subflow} has no published version yet.")
    if subflow.active != active:
        words = {True: "on", False: "off"}
        old, new = words[subflow.active], words[active]
        note_change("subflow", subflow.key, old=old, new=new, by=by, now=now)
        subflow.active = active
        subflow.save(update_fields=["active"])
    return subflow


def _locked(subflow_id: int) -> Subflow:
    return Subflow.objects.select_for_update().get(pk=subflow_id)


def _new_version(subflow: Subflow, design: dict[str, Any], **more: Any) -> SubflowVersion:
    last = subflow.versions.aggregate(last=Max("number"))["last"] or 0
    return SubflowVersion.objects.create(subflow=subflow, number=last + 1, design=design, **more)


def _without_message(design: Design) -> Design:
    stored = design.as_json()
    for each in stored["steps"]:
        if each["options"].get("key") == stored["message_key"]:
            each["options"] = {**each["options"], "key": ""}
    return read_design({**stored, "message_key": ""})
