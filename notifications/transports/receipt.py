"""What came of one try."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """`retry_after` is what the other side asked for, in seconds."""

    ok: bool
    status: int | None = None
    detail: str = ""
    retry_after: int | None = None

    @property
    def hopeless(self) -> bool:
        """Tell whether the other side refused the event itself: trying on hardly helps."""
        return (
            self.status is not None
            and 400 <= self.status < 500
            and self.status
            not in (
                408,
                425,
                429,
            )
        )
