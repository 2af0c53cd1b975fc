"""What a step works on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.models import AssignmentGroup
from escalation.models import Run
from incidents.models import Incident


@dataclass
class Context:
    """What a step works on; one object instead of ten arguments."""

    incident: Incident
    run: Run
    by: Actor
    now: datetime
    act: str
    # What steps hand to the caller of `run_now`, by name.
    results: dict[str, Any] = field(default_factory=dict)

    def group(self, name: str = "") -> AssignmentGroup | None:
        """Return the decision's group, else the one a step names (R63: the row wins)."""
        wanted = self.run.plan.get("group") or name
        return AssignmentGroup.objects.get(name=wanted) if wanted else None

    def named_group(self, name: str) -> AssignmentGroup | None:
        """Return the group a step names, whatever the decision said; None without a name."""
        return AssignmentGroup.objects.get(name=name) if name else None
