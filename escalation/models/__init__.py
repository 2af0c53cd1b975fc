"""Rules as data: decision tables, subflows, messages; and the runs that carried them out."""

from escalation.models.flows import Flow, Subflow, SubflowStep, SubflowVersion
from escalation.models.messages import Message, MessageVersion
from escalation.models.runs import Run
from escalation.models.tables import DecisionRow, DecisionTable, TableVersion

__all__ = [
    "DecisionRow",
    "DecisionTable",
    "Flow",
    "Message",
    "MessageVersion",
    "Run",
    "Subflow",
    "SubflowStep",
    "SubflowVersion",
    "TableVersion",
]
