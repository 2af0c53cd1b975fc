"""What resolving an incident does to its cases, and what their customers are told (R110-R113)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from cases.choices import OPEN_CASE_STATES, NoticePhase
from cases.models import Case
from cases.properties import COMMENTS_SYNC
from core.models import User
from incidents.models import Incident
from workspace.records.notices import Draft, draft_of


@dataclass(frozen=True, slots=True)
class Ending:
    """The cases by what becomes of them, and the message that says it is restored."""

    major: Case | None
    resolved: list[Case]
    kept: list[Case]
    over: list[Case]
    # None where this user cannot tell customers from here.
    draft: Draft | None

    @property
    def tells_by_default(self) -> bool:
        """Tell whether nobody else would: cases that are resolved mail the solution themselves."""
        return self.major is not None and self.sendable

    @property
    def sendable(self) -> bool:
        """Tell whether the message reaches somebody and has nothing to be looked at before."""
        draft = self.draft
        return draft is not None and bool(draft.preview.reached) and not draft.preview.warnings

    @property
    def blocked(self) -> str:
        """Return why the message cannot leave from here, "" where it can or nobody is there."""
        if self.draft is None or not self.draft.preview.reached or self.sendable:
            return ""
        return " ".join(self.draft.preview.warnings)


def ending_of(incident: Incident, user: User, now: datetime) -> Ending:
    """Return what will become of the incident's cases; as many statements for one as for many."""
    rows = Case.objects.filter(incident=incident).select_related("account").order_by("number")
    cases = list(rows)
    major = next((case for case in cases if case.is_major), None)
    minor = [case for case in cases if not case.is_major]
    live = [case for case in minor if case.state in OPEN_CASE_STATES]
    return Ending(
        major=major,
        resolved=[] if major else live,
        kept=live if major else [],
        over=[case for case in minor if case.state not in OPEN_CASE_STATES],
        draft=_draft(incident, user, now),
    )


def _draft(incident: Incident, user: User, now: datetime) -> Draft | None:
    if not user.has_perm("cases.notify_customers") or not COMMENTS_SYNC.value(incident.domain_id):
        return None
    draft = draft_of(incident, QueryDict(f"all=1&phase={NoticePhase.RESTORED}"), now)
    return draft if draft.cases else None
