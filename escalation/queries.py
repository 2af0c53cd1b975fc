"""Read tables and subflows, and say beforehand what an escalation would do."""

from dataclasses import dataclass, field
from typing import Any

from core.models import AssignmentGroup
from escalation.decision import NoRowFits, decide
from escalation.engine import describe
from escalation.messages import facts_of
from escalation.models import Flow, Run, Subflow
from escalation.models.tables import POLICY
from escalation.placeholders import fill
from escalation.planning import make_plan
from escalation.tables.reading import compiled, inputs_of, published_version
from incidents.choices import Stage
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with the records it names."""

    subflow: Subflow
    group: str
    trace: dict[str, Any]


def decide_for(incident: Incident) -> Decided:
    """Return what the published table decides for the incident; raises `NoRowFits`."""
    version = published_version(incident.domain_pk, POLICY)
    if version is None:
        raise NoRowFits
    table = compiled(version)
    inputs = inputs_of(version, table, incident)
    decision = decide(table, inputs)
    outputs = decision.row.outputs
    return Decided(
        subflow=Subflow.objects.get(pk=outputs["subflow"]),
        group=AssignmentGroup.objects.values_list("name", flat=True).get(pk=outputs["group"]),
        trace=describe(decision, inputs, version),
    )


def flow_for(incident: Incident) -> Flow | None:
    """Return the active flow of the incident's category and subcategory (R48)."""
    return (
        Flow.objects.filter(
            category=incident.category, subcategory=incident.subcategory, active=True
        )
        .select_related("initial_subflow")
        .first()
    )


def stage_subflow(incident: Incident, stage: str) -> Subflow | None:
    """Return the active subflow of a stage for the incident's subcategory."""
    return Subflow.objects.filter(
        subcategory=incident.subcategory, stage=stage, active=True
    ).first()


def pending_run(incident: Incident) -> Run | None:
    """Return the run that is planned and not yet carried out."""
    return Run.objects.filter(
        incident=incident, kind=Run.Kind.STAGE, state=Run.State.PLANNED
    ).first()


@dataclass
class Preview:
    """What Escalate would do, or why it would do nothing."""

    possible: bool
    reason: str = ""
    subflow: str = ""
    group: str = ""
    stage: str = ""
    stage_label: str = ""
    table: str = ""
    table_version: int = 0
    row_position: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    message: str = ""
    steps_in_words: list[str] = field(default_factory=list)


def preview(incident: Incident, *, pending: bool | None = None) -> Preview:
    """Say what Escalate would do with the incident as it is now (R58).

    `pending` tells whether a run is planned, where the caller has looked already.
    """
    if pending is None:
        pending = pending_run(incident) is not None
    if pending:
        return Preview(possible=False, reason="An escalation is under way.")
    if not incident.is_open:
        return Preview(possible=False, reason=f"It is {incident.get_state_display()}.")
    try:
        decided = decide_for(incident)
    except NoRowFits:
        return Preview(possible=False, reason=why_no_row(incident))
    if not decided.subflow.active:
        return Preview(possible=False, reason=f"{decided.subflow} is switched off.")
    return _preview_of(incident, decided)


def _preview_of(incident: Incident, decided: Decided) -> Preview:
    plan = make_plan(
        decided.subflow, incident=incident, decision=decided.trace, group=decided.group
    )
    stage = decided.subflow.stage
    return Preview(
        possible=True,
        subflow=decided.subflow.name,
        group=decided.group,
        stage=stage,
        stage_label=Stage(stage).label,
        table=decided.trace["table"],
        table_version=decided.trace["version"],
        row_position=decided.trace["row"],
        rejected=decided.trace["rejected"],
        message=fill(plan["message"]["text"], facts_of(incident)),
        steps_in_words=[s["words"] for s in plan["steps"]],
    )


def why_no_row(incident: Incident) -> str:
    """Say in one sentence why nothing follows (R57, R58)."""
    if not incident.stage:
        return "No workflow handles this category and sub category."
    if incident.stage == Stage.L3:
        return "No further escalation: L3 investigation is the last level."
    return (
        f"No matching rule for {incident.subcategory or 'no sub category'} in "
        f"{incident.get_stage_display()}."
    )
