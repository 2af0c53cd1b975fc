"""The stories once more, played in a real browser."""
