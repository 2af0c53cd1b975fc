"""What decides an escalation: the incident's fields a table may ask for (R63)."""

from collections.abc import Sequence

from core.models import Priority
from escalation.decision import Choice
from escalation.decision.inputs import NUMBER
from escalation.models import Run
from escalation.models.tables import POLICY
from escalation.tables.kinds import (
    GROUP,
    SUBFLOW,
    Choices,
    KnownInput,
    Output,
    TableKind,
    register_input,
    register_kind,
)
from escalation.tables.ladder import stage_ladder
from incidents.choices import Channel, Level, Stage
from incidents.models import Category, Subcategory

register_kind(
    TableKind(
        key=POLICY,
        label="Incident escalation",
        help="Says which group and subflow an incident goes to from the stage it is in.",
        outputs=(
            Output("group", "Assignment group", GROUP),
            Output("subflow", "Subflow", SUBFLOW),
        ),
        run_kind=Run.Kind.STAGE,
        outcome=lambda run: {"group": run.plan["group"], "subflow": run.plan["subflow"]},
        ladder=stage_ladder,
        as_new={"stage": ""},
    )
)


def offered(pairs: Sequence[tuple[str | int, str]]) -> Choices:
    """Return a fixed list of values and labels as choices."""
    fixed = tuple(Choice(value, str(label)) for value, label in pairs if value != "")
    return lambda: fixed


def _categories() -> Sequence[Choice]:
    rows = Category.objects.order_by("order", "label").values_list("value", "label")
    return [Choice(value, label) for value, label in rows]


def _subcategories() -> Sequence[Choice]:
    rows = Subcategory.objects.order_by("category__order", "order", "label")
    found = dict(rows.values_list("value", "label"))
    return [Choice(value, label) for value, label in found.items()]


_KNOWN = (
    KnownInput("category", "Category", lambda i: i.category, choices=_categories),
    KnownInput("subcategory", "Sub category", lambda i: i.subcategory, choices=_subcategories),
    KnownInput("stage", "Stage", lambda i: i.stage, choices=offered(Stage.choices)),
    KnownInput(
        "priority",
        "Priority",
        lambda i: i.priority,
        NUMBER,
        offered(Priority.choices),
        help="1 is the highest.",
    ),
    KnownInput("impact", "Impact", lambda i: i.impact, NUMBER, offered(Level.choices), usual=False),
    KnownInput(
        "channel", "Channel", lambda i: i.channel, choices=offered(Channel.choices), usual=False
    ),
    KnownInput(
        "ci_class",
        "CI class",
        lambda i: i.ci.ci_class.name if i.ci else "",
        usual=False,
        help="The name of the configuration item's class.",
    ),
    KnownInput(
        "tier",
        "Customer's tier",
        lambda i: i.account.tier if i.account else "",
        usual=False,
        help="The tier of the incident's own customer: gold, silver or bronze.",
    ),
)
for _known in _KNOWN:
    register_input(POLICY, _known)
