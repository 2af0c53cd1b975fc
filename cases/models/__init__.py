"""Customer cases with their journal, messages to customers, and what cases take over."""

from cases.models.cases import Case, CaseEntry, CaseTask
from cases.models.field_map import CaseFieldMap
from cases.models.notices import Notice, NoticeRecipient

__all__ = ["Case", "CaseEntry", "CaseFieldMap", "CaseTask", "Notice", "NoticeRecipient"]
