"""Load the drains, so that every worker knows them."""

from cases import leaving

__all__ = ["leaving"]
