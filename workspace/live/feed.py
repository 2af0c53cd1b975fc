"""What the stream reads, for all its connections at once: the log, sessions and rights."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from core.models import User
from workspace.live.hints import Hint, hints_of
from workspace.live.log import LATE_IDS, Batch, changes_since, newest_id, recent
from workspace.live.viewers import Viewer, viewer_of


class Feed:
    """The event log as it grows; remembers what it has told already."""

    def __init__(self) -> None:
        self.last = 0
        self._seen: set[int] = set()

    def start(self) -> None:
        """Begin at the end of the log."""
        self.last = newest_id()
        self._seen = set(recent(self.last, timezone.now()).values_list("pk", flat=True))

    def fresh(self) -> list[Hint]:
        """Return the hints of events that were not there before; one statement while none are."""
        rows = recent(self.last, timezone.now())
        events = [event for event in rows.order_by("pk") if event.pk not in self._seen]
        self._seen.update(event.pk for event in events)
        self.last = max([self.last, *(event.pk for event in events)])
        self._seen = {pk for pk in self._seen if pk > self.last - LATE_IDS}
        return hints_of(events) if events else []

    def since(self, place: int, viewer: Viewer, now: datetime) -> Batch:
        """Return what somebody missed who comes back."""
        return changes_since(place, viewer, now)

    def admit(self, session_key: str) -> Viewer | None:
        """Return who a session belongs to and what they may see; None where it is over."""
        session = SessionStore(session_key).load()
        users = User.objects.select_related("domain").filter(is_active=True, is_api_client=False)
        user = users.filter(pk=session.get(SESSION_KEY) or 0).first()
        if user is None:
            return None
        known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        token = session.get(HASH_SESSION_KEY, "")
        sound = known and constant_time_compare(token, user.get_session_auth_hash())
        return viewer_of(user) if sound else None

    def alive(self, session_keys: Collection[str]) -> set[str]:
        """Return the sessions among these that still are; one statement."""
        rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
        return set(rows.values_list("session_key", flat=True))
