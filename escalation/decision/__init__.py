"""Decision tables as pure values: decide, explain, check and compare; no Django in here.

The same functions serve production, tests, previews and replays, so a preview cannot lie
(design §4).
"""

from escalation.decision.compiled import Compiled
from escalation.decision.conditions import BadCondition, Condition, Value
from escalation.decision.deciding import (
    Decision,
    NoRowFits,
    Rejection,
    Verdict,
    decide,
    explain,
    runner_up,
)
from escalation.decision.inputs import Choice, Input
from escalation.decision.rows import ALL, FIRST, Row

__all__ = [
    "ALL",
    "FIRST",
    "BadCondition",
    "Choice",
    "Compiled",
    "Condition",
    "Decision",
    "Input",
    "NoRowFits",
    "Rejection",
    "Row",
    "Value",
    "Verdict",
    "decide",
    "explain",
    "runner_up",
]
