"""Values a case's fields take (C.3)."""

from django.db import models


class CaseState(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    AWAITING_INFO = "awaiting_info", "Awaiting Info"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"
    CANCELED = "canceled", "Cancelled"


OPEN_CASE_STATES = (CaseState.NEW, CaseState.OPEN, CaseState.AWAITING_INFO)


class MajorState(models.TextChoices):
    NONE = "", "Regular"
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Major Case"
    REJECTED = "rejected", "Rejected"
    CANCELED = "canceled", "Cancelled"


class CaseChannel(models.TextChoices):
    WEB = "web", "Web"
    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"
    CHAT = "chat", "Chat"
    SOCIAL = "social", "Social"
    MONITORING = "monitoring", "Monitoring"


class NoticePhase(models.TextChoices):
    """What a message to customers is about (ux C.5), in the order in which they come."""

    ACKNOWLEDGE = "acknowledge", "Acknowledge"
    INVESTIGATING = "investigating", "Investigating"
    UPDATE = "update", "Update"
    MITIGATED = "mitigated", "Mitigated"
    RESTORED = "restored", "Restored"
    SUMMARY = "summary", "Summary"


class NoticeState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    LEFT = "left", "Left"
    TAKEN_BACK = "taken_back", "Taken back"
    REFUSED = "refused", "Not sent"
