"""The kernel's tables, split by noun."""

from core.models.domains import Domain, DomainModel, default_domain
from core.models.events import Delivery, DomainEvent, Heartbeat
from core.models.numbers import NumberSeries
from core.models.people import AssignmentGroup, Role, RoleContainment, User
from core.models.records import JournalEntry, Priority, Record
from core.models.settings import BusinessRule, BusinessRuleOverride, SystemProperty
from core.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "AssignmentGroup",
    "BusinessRule",
    "BusinessRuleOverride",
    "Delivery",
    "Domain",
    "DomainEvent",
    "DomainModel",
    "Heartbeat",
    "JournalEntry",
    "NumberSeries",
    "Priority",
    "Record",
    "Role",
    "RoleContainment",
    "SystemProperty",
    "User",
    "default_domain",
]
