"""What every part of the demo needs: its domain, the moment it is loaded, its rows by name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model

from core.models import AssignmentGroup, Domain, User
from workspace.configuration.shipped import ids_by, named


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by name; an empty name stands for nothing."""

    what: str
    ids: dict[str, int]

    def __getitem__(self, name: str) -> int:
        """Return the id; raises `BadConfiguration` for an unknown name."""
        pk: int = named(self.ids, name, self.what)
        return pk

    def maybe(self, name: str) -> int | None:
        """Return the id, or None for an empty name."""
        return self[name] if name else None


@dataclass(frozen=True, slots=True)
class Scene:
    """The demo's domain and the moment all its times count from."""

    domain: Domain
    now: datetime

    def ago(self, minutes: float) -> datetime:
        """Return the moment so many minutes back; negative ones lie ahead."""
        return self.now - timedelta(minutes=minutes)

    def maybe_ago(self, minutes: float | None) -> datetime | None:
        """Return the moment so many minutes back, or None where none is given."""
        return None if minutes is None else self.ago(minutes)

    def day(self, ahead: int) -> date:
        """Return the day so many days ahead."""
        return (self.now + timedelta(days=ahead)).date()

    def names(self, model: type[Model], key: str = "name") -> Names:
        """Return the demo's rows of a model by name."""
        rows = model._base_manager.filter(domain=self.domain)
        return Names(model.__name__, dict(rows.values_list(key, "pk")))

    def groups(self) -> Names:
        """Return all assignment groups by name: shipped ones are used as they are."""
        return Names("Assignment group", ids_by(AssignmentGroup, "name"))

    def users(self) -> Names:
        """Return all users by sign-in name."""
        return Names("User", ids_by(User, "username"))
