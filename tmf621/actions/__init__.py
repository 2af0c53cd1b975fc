"""Everything a client can do to a ticket; each verb is one transaction."""

from tmf621.actions.creating import create_ticket
from tmf621.actions.deleting import delete_ticket
from tmf621.actions.patching import patch_ticket
from tmf621.actions.repeating import report_again

__all__ = ["create_ticket", "delete_ticket", "patch_ticket", "report_again"]
