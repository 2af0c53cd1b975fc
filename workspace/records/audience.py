"""Whom a customer comment on an incident reaches (ux C.2 8)."""

from dataclasses import dataclass

from django.db.models import Count, Window

from cases.models import Case
from cases.notice_preview import address_of
from cases.properties import COMMENTS_SYNC
from core.models import User
from incidents.models import Incident
from workspace.records.notices import choosable_cases


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads it, what the button says, and whether a preview comes first."""

    words: str
    button: str = "Send to customer"
    cases: int = 0
    # What stands for whom the words name; it comes back with the comment.
    mark: str = "0"

    @property
    def previews(self) -> bool:
        return self.cases > 1


def audience_of(incident: Incident, user: User) -> Audience:
    """Return whom a comment reaches now: the customers of the cases, else readers of the incident.

    Readers of the incident where customers are not notified from incidents, or not by this user.
    """
    if not user.has_perm("cases.notify_customers") or not COMMENTS_SYNC.value(incident.domain_id):
        return Audience("everybody who may see the incident", "Add comment")
    found = list(choosable_cases(incident).annotate(total=Window(Count("pk")))[:2])
    if not found:
        return Audience("everybody who may see the incident", "Add comment")
    if len(found) == 1:
        mark = f"1:{found[0].pk}:{address_of(found[0])}"
        return Audience(f"1 case · {_reader(found[0])}", cases=1, mark=mark)
    count = found[0].total
    return Audience(f"{count} customers, after a preview", "Preview message", count, str(count))


def _reader(case: Case) -> str:
    return f"{address_of(case) or 'no contact'} ({case.account})"
