"""Rows of a table: conditions on the left, results on the right (R63)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from escalation.decision.conditions import EMPTY, Condition, Value

# Hit policies: the first row that fits answers, or every row that fits.
FIRST, ALL = "first", "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule; an input without a condition fits any value."""

    position: int
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    # The same in every copy of the row, so that versions can be compared.
    key: str = ""
    note: str = ""

    def fits(self, inputs: Mapping[str, Value]) -> bool:
        """Tell whether every condition holds; an input that is not given counts as empty."""
        return all(c.holds(inputs.get(key, EMPTY)) for key, c in self.conditions.items())
