"""Customer cases, their tasks and journal, and which fields they take from an incident."""

from cases.models.cases import Case, CaseEntry, CaseTask
from cases.models.field_map import CaseFieldMap

__all__ = ["Case", "CaseEntry", "CaseFieldMap", "CaseTask"]
