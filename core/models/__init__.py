"""The kernel's tables, split by noun."""

from core.models.domains import Domain, DomainModel, default_domain
from core.models.events import Delivery, DomainEvent, Heartbeat
from core.models.jobs import Job, JobItem
from core.models.numbers import NumberSeries
from core.models.oauth import OAuthClient
from core.models.people import AssignmentGroup, Role, RoleContainment, ShippedRights, User
from core.models.records import JournalEntry, Priority, Record
from core.models.settings import (
    BusinessRule,
    BusinessRuleOverride,
    SettingChange,
    SystemProperty,
)
from core.models.tokens import ApiToken
from core.models.usage import ApiUsage

__all__ = [
    "ApiToken",
    "ApiUsage",
    "AssignmentGroup",
    "BusinessRule",
    "BusinessRuleOverride",
    "Delivery",
    "Domain",
    "DomainEvent",
    "DomainModel",
    "Heartbeat",
    "Job",
    "JobItem",
    "JournalEntry",
    "NumberSeries",
    "OAuthClient",
    "Priority",
    "Record",
    "Role",
    "RoleContainment",
    "SettingChange",
    "ShippedRights",
    "SystemProperty",
    "User",
    "default_domain",
]
