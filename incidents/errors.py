"""The refusals of `core.errors`, under the name this app's callers know."""

from core.errors import IllegalMove, MissingField, NotAllowed, Refused

__all__ = ["IllegalMove", "MissingField", "NotAllowed", "Refused"]
