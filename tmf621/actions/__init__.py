"""What a client can do to tickets; each verb is one transaction."""

from tmf621.actions.creating import create_ticket
from tmf621.actions.patching import patch_ticket

__all__ = ["create_ticket", "patch_ticket"]
