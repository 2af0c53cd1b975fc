"""Who acts: a person, a machine, a customer or psew itself."""

from dataclasses import dataclass
from typing import Any

from core.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The doer of an action; every journal entry and event carries it."""

    kind: str  # person | client | customer | rule | system
    name: str
    user: User | None = None

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    def signature(self) -> dict[str, Any]:
        """Return the fields that sign an entry of a record's activity stream."""
        return {"actor_kind": self.kind, "actor_name": self.name, "user_id": self.user_id}

    def as_json(self) -> dict[str, Any]:
        """Return what events keep of the actor."""
        return {"kind": self.kind, "name": self.name, "user": self.user_id}


SYSTEM = Actor(kind="system", name="psew")


def actor_of(user: User) -> Actor:
    """Return the actor a signed-in user or API client is."""
    return Actor(kind="client" if user.is_api_client else "person", name=str(user), user=user)


def rule_actor(name: str) -> Actor:
    """Return the actor of an automatic act, named after the rule or subflow that acts."""
    return Actor(kind="rule", name=name)


def actor_from(stored: dict[str, Any]) -> Actor:
    """Return the actor an event was stored with."""
    user = User.objects.filter(pk=stored["user"]).first() if stored.get("user") else None
    return Actor(kind=stored.get("kind", "system"), name=stored.get("name", "psew"), user=user)
