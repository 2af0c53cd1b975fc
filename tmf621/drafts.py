"""What a client asks for, in psew's words: every face of the API reads its bodies into this."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """A related entity or party as the client names it."""

    id: str
    name: str = ""
    role: str = ""
    referred_type: str = ""

    @property
    def words(self) -> list[str]:
        """Return what may identify the thing, best first."""
        return [word for word in (self.id, self.name) if word]


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A note; private ones become work notes and never come back (R20)."""

    text: str
    author: str = ""
    private: bool = False
    id: str = ""


@dataclass
class Draft:
    """A create or patch request; None always means "not mentioned", "" and [] mean "removed"."""

    name: str | None = None
    description: str | None = None
    severity: str | None = None
    ticket_type: str | None = None
    external_id: str | None = None
    status: str | None = None
    reason: str | None = None
    channel: list[str] | None = None
    category: str | None = None
    sub_category: str | None = None
    entities: list[Reference] | None = None
    parties: list[Reference] | None = None
    notes: list[DraftNote] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    # What is kept and told verbatim; on a patch None removes an attribute (RFC 7396).
    extra: dict[str, Any] = field(default_factory=dict)
