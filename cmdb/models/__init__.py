"""Configuration items, how they depend on each other, and what customers have installed."""

from cmdb.models.classes import CIClass, RelationType
from cmdb.models.install_base import InstallBaseItem, ServiceOffering
from cmdb.models.items import CIRelation, ConfigurationItem, ServiceAssociation

__all__ = [
    "CIClass",
    "CIRelation",
    "ConfigurationItem",
    "InstallBaseItem",
    "RelationType",
    "ServiceAssociation",
    "ServiceOffering",
]
