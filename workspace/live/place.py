"""When a page was made, and where it hears of what came after."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.stream_address import stream_address
from workspace.live.kinds import BY_NAME


@dataclass(frozen=True, slots=True)
class LivePlace:
    """What the scripts of a live page need; `stream` is empty where there is none."""

    since: str
    user_id: int | None
    changes: str
    cells: str
    stream: str
    # What else is listed never changes on screen.
    kinds: frozenset[str]


def live_place(request: HttpRequest) -> LivePlace:
    """Return the place of a page that is being made."""
    return LivePlace(
        since=timezone.now().isoformat(),
        user_id=request.user.pk,
        changes=reverse("workspace:live_changes"),
        cells=reverse("workspace:live_cells"),
        stream=stream_address(request),
        kinds=frozenset(BY_NAME),
    )
