"""The step that does what another subflow does."""

from dataclasses import dataclass

from escalation.context import Context
from escalation.models import Subflow
from escalation.registry import option, step
from escalation.steps import offered


@dataclass(frozen=True, slots=True)
class OfSubflow:
    subflow: str = option(label="Subflow", choices=offered.subflow_keys)

    def words(self) -> dict[str, str]:
        names = Subflow.objects.filter(key=self.subflow).values_list("name", flat=True)
        return {"subflow": names.first() or self.subflow}


@step(
    "call_subflow",
    label="Do the steps of {subflow}",
    options=OfSubflow,
    title="Call another subflow",
)
def call_subflow(context: Context, options: OfSubflow) -> str:
    """Do the steps of another subflow at this place; its stage and message are not taken over."""
    # The plan holds the called steps themselves: see escalation/planning.py.
    return "Nothing is left to do here."
