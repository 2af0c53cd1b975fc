"""What a face or a patch cannot take; the edge turns each kind into a TMF error (tmf.md §3.8)."""


class Refusal(Exception):
    """A request that cannot be read: a sentence that names the place."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadDocument(Refusal):
    """The body as a whole is unusable (code 22)."""


class MissingMember(Refusal):
    """A mandatory member is not there (code 23)."""


class BadMember(Refusal):
    """A member has the wrong type or value, or a path leads nowhere (code 24)."""


class FailedTest(Refusal):
    """A patch's `test` found something else, so nothing of the patch is done (409)."""
