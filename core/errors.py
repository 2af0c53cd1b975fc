"""What can be wrong with a request to change a record, in sentences for people."""


class Refused(Exception):
    """The action cannot be done now; nothing was changed."""


class NotAllowed(Refused):
    """This person may not do it."""


class IllegalMove(Refused):
    """The state or stage machine knows no such move."""


class MissingField(Refused):
    """A field that must be filled is empty or has no legal value."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
