"""What the pages of subflows show."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from core.models import User
from escalation.checking import Finding, check_design, step_problem
from escalation.designs import Design, StepDesign, read_design
from escalation.models import Run, Subflow, SubflowVersion
from escalation.planning import design_of, in_words
from escalation.registry import BadOptions
from incidents.choices import Stage
from workspace.rules.scope import may_change

SEE, WRITE = "escalation.view_subflow", "escalation.change_subflow"
START, PUBLISH = "escalation.add_subflow", "escalation.publish_subflow"
SEE_RUNS, RETRY = "escalation.view_run", "escalation.retry_run"
Draft = SubflowVersion.State.DRAFT


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the pages show it."""

    at: int
    words: str
    active: bool
    problem: str = ""

    @property
    def number(self) -> int:
        """Return its place as people count."""
        return self.at + 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A design with its steps in words and what is wrong with it."""

    design: Design
    steps: list[StepRow]
    findings: list[Finding]

    @property
    def stage(self) -> str:
        """Return the label of its stage."""
        known = self.design.stage in Stage.values and self.design.stage
        return str(Stage(self.design.stage).label) if known else self.design.stage

    @property
    def faulty(self) -> bool:
        """Tell whether it cannot be published."""
        return any(finding.fault for finding in self.findings)


@dataclass(frozen=True, slots=True)
class May:
    """What a person may do to subflows."""

    write: bool
    start: bool
    publish: bool


def may(user: User) -> May:
    """Return what the person may do; subflows hold for every domain."""
    return May(*(may_change(user, right) for right in (WRITE, START, PUBLISH)))


def subflow_or_404(subflow_id: int) -> Subflow:
    """Return a subflow with its group."""
    found = Subflow.objects.select_related("group").filter(pk=subflow_id).first()
    if found is None:
        raise Http404("There is no such subflow.")
    return found


def draft_or_404(subflow_id: int) -> SubflowVersion:
    """Return the draft of a subflow."""
    drafts = SubflowVersion.objects.select_related("subflow", "written_by")
    found = drafts.filter(subflow=subflow_id, state=Draft).first()
    if found is None:
        raise Http404("Nothing is being drafted; it was published or discarded.")
    return found


def subflow_rows(words: str) -> QuerySet[Subflow]:
    """Return the subflows of a search, with the runs and the draft of each."""
    failed = Count("runs", filter=Q(runs__state=Run.State.FAILED), distinct=True)
    drafts = Count("versions", filter=Q(versions__state=Draft), distinct=True)
    rows = Subflow.objects.select_related("group").annotate(failed=failed, drafts=drafts)
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(key__icontains=word) | Q(message_key__icontains=word)
        )
    return rows.order_by("subcategory", "pk")


def shown_now(subflow: Subflow) -> Shown:
    """Return how the subflow works now."""
    return shown(design_of(subflow), subflow)


def shown_version(version: SubflowVersion) -> Shown:
    """Return a version as the pages show it."""
    return shown(read_design(version.design), version.subflow)


def shown(design: Design, subflow: Subflow) -> Shown:
    """Return a design with its steps in words and what is wrong with it."""
    steps = [_row(at, each) for at, each in enumerate(design.steps)]
    return Shown(design, steps, check_design(design, key=subflow.key))


def _row(at: int, each: StepDesign) -> StepRow:
    try:
        words = in_words(each)
    except BadOptions as error:
        return StepRow(at, each.step, each.active, str(error))
    return StepRow(at, words, each.active, step_problem(each))


def subflow_url(subflow_id: int, at: int | None = None) -> str:
    """Return the address of a subflow, at one of its steps where one is named."""
    url = reverse("workspace:rules_subflow", args=[subflow_id])
    return url if at is None else f"{url}#step-{at + 1}"
