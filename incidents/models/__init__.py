"""Faults and the work on them: alerts, incidents, tasks, problems, work orders, impact rows."""

from incidents.models.choices import (
    Category,
    IncidentState,
    PriorityRule,
    StateTransition,
    Subcategory,
)
from incidents.models.impact import AffectedAccount, AffectedCI, ImpactedService
from incidents.models.incidents import Incident, IncidentEntry
from incidents.models.related import Alert, Problem, WorkOrder
from incidents.models.runbook import RunbookTick
from incidents.models.tasks import IncidentTask, IncidentTaskEntry

__all__ = [
    "AffectedAccount",
    "AffectedCI",
    "Alert",
    "Category",
    "ImpactedService",
    "Incident",
    "IncidentEntry",
    "IncidentState",
    "IncidentTask",
    "IncidentTaskEntry",
    "PriorityRule",
    "Problem",
    "RunbookTick",
    "StateTransition",
    "Subcategory",
    "WorkOrder",
]
