"""Customers: who they are, whom to talk to, what they bought."""

from accounts.models.accounts import Account, AccountTeamMember, Contact, Location
from accounts.models.knowledge import KnowledgeArticle
from accounts.models.products import Contract, Entitlement, Product, SoldProduct

__all__ = [
    "Account",
    "AccountTeamMember",
    "Contact",
    "Contract",
    "Entitlement",
    "KnowledgeArticle",
    "Location",
    "Product",
    "SoldProduct",
]
