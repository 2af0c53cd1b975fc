"""What every table that leaves as a file must keep to."""

# A spreadsheet would run a text that begins so.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
