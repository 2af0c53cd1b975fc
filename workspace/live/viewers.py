"""Who looks: what a person may see of the event log, told apart from any request."""

from dataclasses import dataclass

from core.models import User
from workspace.live.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person's domains (None: all of them) and the kinds of records they may see."""

    user_id: int
    domain_ids: frozenset[int] | None
    kinds: frozenset[str]

    def sees(self, kind: str, *domains: int) -> bool:
        """Tell whether records of this kind in all these domains may be seen."""
        if kind not in self.kinds:
            return False
        return self.domain_ids is None or self.domain_ids.issuperset(domains)


def viewer_of(user: User) -> Viewer:
    """Return what a person may see at this moment; machines see nothing here."""
    allowed = () if user.is_api_client or not user.is_active else KINDS
    return Viewer(
        user_id=user.pk,
        domain_ids=user.domain.scope().domain_ids,
        kinds=frozenset(kind.name for kind in allowed if user.has_perm(kind.permission)),
    )
