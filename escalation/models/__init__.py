"""Rules as data: decision tables, subflows, messages; and the runs that carried them out."""

from escalation.models.flows import Flow, Message, Subflow, SubflowStep
from escalation.models.runs import Run
from escalation.models.tables import DecisionRow, DecisionTable, TableVersion

__all__ = [
    "DecisionRow",
    "DecisionTable",
    "Flow",
    "Message",
    "Run",
    "Subflow",
    "SubflowStep",
    "TableVersion",
]
