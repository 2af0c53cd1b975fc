"""Wall screens: an address without sign-in that shows the kiosk page and nothing else (ux C.13)."""

import secrets
from datetime import datetime

from core.models import User
from core.models.tokens import hashed
from workspace.models import WallScreen


def hang_up(*, user: User, name: str) -> tuple[WallScreen, str]:
    """Make a screen for what this user may see; return it and its key, which is shown once."""
    key = secrets.token_urlsafe(24)
    screen = WallScreen.objects.create(
        name=name, owner=user, domain=user.domain, digest=hashed(key)
    )
    return screen, key


def take_down(*, user: User, screen_id: int, now: datetime) -> bool:
    """Revoke a screen of this user; tell whether there was one."""
    rows = WallScreen.objects.filter(pk=screen_id, owner=user, revoked_at=None)
    return bool(rows.update(revoked_at=now))


def screen_of(key: str, now: datetime) -> WallScreen | None:
    """Return the screen with this key whose owner may still sign in, and note that it was seen."""
    rows = WallScreen.unscoped.filter(digest=hashed(key), revoked_at=None, owner__is_active=True)
    screen: WallScreen | None = rows.select_related("owner__domain").first()
    if screen is not None:
        WallScreen.unscoped.filter(pk=screen.pk).update(seen_at=now)
    return screen
