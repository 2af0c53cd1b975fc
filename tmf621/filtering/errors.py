"""What a reader of filters says no with, and how much it reads."""

MAX_FILTERS, MAX_VALUES, MAX_LENGTH = 20, 50, 300
MAX_EXPRESSION, MAX_NESTING, MAX_SEGMENTS, MAX_PATTERN = 1_000, 8, 6, 100


class BadFilter(ValueError):
    """A filter cannot be read; its text is a sentence for the client."""

    def __init__(self, sentence: str, attribute: str = "") -> None:
        super().__init__(sentence)
        self.attribute = attribute
