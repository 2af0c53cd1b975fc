"""Planned work: change requests, their tasks and outages."""

from changes.models.changes import ChangeEntry, ChangeRequest, ChangeTask
from changes.models.outages import Outage

__all__ = ["ChangeEntry", "ChangeRequest", "ChangeTask", "Outage"]
