"""What the bus can be told to do wrong."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "fail", "slow", "drip", "drop_before", "drop_after", "redirect", "flood", "record_error"
]
KINDS: tuple[Kind, ...] = (
    "fail",
    "slow",
    "drip",
    "drop_before",
    "drop_after",
    "redirect",
    "flood",
    "record_error",
)
FOR_EVER = -1


@dataclass
class Trouble:
    """One misbehaviour, for `times` calls (-1: for ever) of one topic, one event or all.

    `fail` answers `status` with `retry_after`; `slow` takes the event and answers after
    `seconds`; `drip` answers one byte each `seconds`; `drop_before` and `drop_after` hang up
    before or after taking; `redirect` answers 302 to `location`; `flood` takes the event and
    never stops answering; `record_error` answers 200 with `status` as the record's error.
    """

    kind: Kind
    times: int = FOR_EVER
    topic: str = ""
    event_id: str = ""
    status: int = 503
    retry_after: str = ""
    seconds: float = 0.05
    location: str = "/elsewhere"

    def fits(self, topic: str, event: dict[str, Any]) -> bool:
        """Tell whether this call is one to spoil."""
        wanted = self.topic in ("", topic) and self.event_id in ("", event.get("eventId"))
        return wanted and self.times != 0

    def use_up(self) -> None:
        """Count one spoilt call."""
        if self.times > 0:
            self.times -= 1
