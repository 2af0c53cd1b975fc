"""Steps that open records beside the incident, each at most once (R84)."""

from dataclasses import dataclass

from changes.actions import open_change
from changes.models import ChangeRequest
from escalation.context import Context
from escalation.messages import facts_of
from escalation.placeholders import fill, unknown_names
from escalation.registry import Choices, option, step
from incidents import actions
from incidents.models import WorkOrder

TITLE = "{{ incident.short_description }}"


def change_kinds() -> Choices:
    """Return the types a change request may have."""
    return [(kind.value, str(kind.label)) for kind in ChangeRequest.Kind]


def order_kinds() -> Choices:
    """Return whom a work order may be for."""
    return [(kind.value, str(kind.label)) for kind in WorkOrder.Kind]


def _check_title(title: str) -> None:
    if not title.strip():
        raise ValueError("A title is needed.")
    if unknown := unknown_names(title):
        raise ValueError(f"Unknown placeholders: {', '.join(unknown)}.")


@dataclass(frozen=True, slots=True)
class Titled:
    title: str = option(label="Title", help="May hold placeholders.", default=TITLE)

    def __post_init__(self) -> None:
        _check_title(self.title)


@dataclass(frozen=True, slots=True)
class OfChange:
    kind: str = option(label="Type", default=ChangeRequest.Kind.NORMAL.value, choices=change_kinds)
    title: str = option(label="Title", help="May hold placeholders.", default=TITLE)

    def __post_init__(self) -> None:
        _check_title(self.title)
        if self.kind not in ChangeRequest.Kind.values:
            raise ValueError(f"{self.kind!r} is no type of change.")

    def words(self) -> dict[str, str]:
        return {"kind": str(ChangeRequest.Kind(self.kind).label).lower()}


@dataclass(frozen=True, slots=True)
class OfOrder:
    kind: str = option(label="For", default=WorkOrder.Kind.FIELD.value, choices=order_kinds)
    title: str = option(label="Title", help="May hold placeholders.", default=TITLE)

    def __post_init__(self) -> None:
        _check_title(self.title)
        if self.kind not in WorkOrder.Kind.values:
            raise ValueError(f"{self.kind!r} is no kind of work order.")

    def words(self) -> dict[str, str]:
        return {"kind": str(WorkOrder.Kind(self.kind).label).lower()}


@step("create_problem", label="Create a problem", options=Titled)
def create_problem(context: Context, options: Titled) -> str:
    """Create a problem for the incident, unless it has one."""
    problem, created = actions.open_problem(
        incident=context.incident,
        title=_filled(context, options.title),
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Created {problem.number}." if created else f"{problem.number} is there already."


@step(
    "create_change",
    label="Create a {kind} change request",
    options=OfChange,
    title="Create a change request",
)
def create_change(context: Context, options: OfChange) -> str:
    """Create a change request for the incident, unless it has one."""
    incident = context.incident
    if incident.change_request is not None:
        return f"{incident.change_request.number} is there already."
    change = open_change(
        by=context.by,
        now=context.now,
        short_description=_filled(context, options.title),
        values={
            "kind": options.kind,
            "ci": incident.ci,
            "account": incident.account,
            "priority": incident.priority,
        },
        domain_id=incident.domain_pk,
    )
    actions.set_by_workflow(
        incident=incident,
        values={"change_request": change},
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Created {change.number}."


@step(
    "create_work_order",
    label="Create a work order: {kind}",
    options=OfOrder,
    title="Create a work order",
)
def create_work_order(context: Context, options: OfOrder) -> str:
    """Create a work order of this kind, unless one is under way."""
    order, created = actions.open_work_order(
        incident=context.incident,
        kind=options.kind,
        title=_filled(context, options.title),
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Created {order.number}." if created else f"{order.number} is under way already."


def _filled(context: Context, title: str) -> str:
    return fill(title, facts_of(context.incident))[:160]
