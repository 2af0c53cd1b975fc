"""Say what went wrong so that the database can keep it and people can read it."""

LONGEST = 400


def storable(text: str) -> str:
    """Return what the other side said as the database can keep it, whatever it sent."""
    return text.replace("\0", " ").encode(errors="replace").decode()[:LONGEST]


def named(error: Exception) -> str:
    """Return an error with its kind, storable."""
    return storable(f"{type(error).__name__}: {error}")
